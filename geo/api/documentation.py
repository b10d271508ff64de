"""The API's own description: for programs, and as a page of ours without a script or a foreign host."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo.api.schema import document, features_document, operations

OPENAPI_3_0 = "application/vnd.oai.openapi+json;version=3.0"


@require_safe
@cache_control(public=True, max_age=300)
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """OpenAPI 3.1 as JSON."""
    return JsonResponse(document(), headers={"Access-Control-Allow-Origin": "*"})


@require_safe
@cache_control(public=True, max_age=300)
def features(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """OpenAPI 3.0 of the OGC service as JSON."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(features_document(), content_type=OPENAPI_3_0, headers=headers)


@require_safe
@cache_control(public=True, max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, in the language of Accept-Language (LocaleMiddleware varies on it)."""
    return render(request, "api/docs.html", {"operations": operations(get_language() or "en")})
