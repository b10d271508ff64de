# Each command provisions what it needs and is idempotent; what it does is in deploy/local.
# PUBLIC_PORT, STAFF_PORT and MAPSITE_VAR move a copy, so that two can run side by side.

# One line says that the demo is ready, and no other is printed.
MAKEFLAGS += --no-print-directory

.PHONY: demo test bench lint docs setup services services-stop lock messages

demo test bench lint docs setup services services-stop lock messages:
	@exec deploy/local/run.sh $@
