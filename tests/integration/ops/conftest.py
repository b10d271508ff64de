from tests.published import folder, only_data

__all__ = ["folder", "only_data"]
