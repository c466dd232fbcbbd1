# nearfar: `make run` and `make test` are all a newcomer types; `make help` lists the rest.
CC     := gcc
ARCH   ?= native
PREFIX ?= /usr/local
DEPS   ?= yes
REAL   ?= float
SAN    ?=

# ---- variants live side by side: build/ is the release, build/<variant>/ the others ----
comma   := ,
variant := $(subst $(comma),-,$(SAN))$(if $(filter double,$(REAL)),$(if $(SAN),-)double)$(if $(FUZZ),$(if $(SAN),-)fuzz)
B       := build$(if $(variant),/$(variant))

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings -Wundef -Wno-format-truncation \
            -Wpointer-arith -Wcast-qual $(if $(CI),-Werror)
careful  := -Wconversion -Wno-sign-conversion
common   := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Isrc -I$(B)/gen -MMD -MP -g $(warnings) \
            $(if $(filter double,$(REAL)),-DREAL_DOUBLE) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
            $(if $(filter undefined,$(subst $(comma), ,$(SAN))),-fno-sanitize-recover=undefined)
plain    := -O2
kernels  := -O3 -march=$(ARCH) -fno-math-errno -ffp-contract=off
LIBS     := -lopenblas -ltinfo -lz -ljpeg -ljansson -lmd -lpthread -lm
link     := $(if $(SAN),-fsanitize=$(SAN))

kernel_folders := math nn augment space loss
kernel_files   := ui/grid
sources  := $(sort $(wildcard src/*/*.c))
objects  := $(sources:src/%.c=$(B)/obj/%.o)
library  := $(B)/libnearfar.a
program  := $(B)/nearfar

.PHONY: all run test check bench golden fuzz accept accept-quick install uninstall docs deps clean help
.DEFAULT_GOAL := all

all: deps ## build the program at build/nearfar (and install what is missing, where allowed)
	@$(MAKE) --no-print-directory $(program)

run: all ## train on the built-in pictures, live
	@$(program)

include tests/tests.mk

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24
	@echo '  variants: SAN=address | undefined | thread, REAL=double, ARCH=x86-64-v3, DEPS=no, PREFIX=~/.local'

deps: ## install what is missing with apt, or print the one line that does
	@DEPS=$(DEPS) .ci/deps $(DEPS_FOR)

# ---- how things are made ----
$(B)/obj/%.o: src/%.c | $(B)/gen/flags
	@mkdir -p $(@D)
	$(CC) $(common) $(if $(filter $(kernel_folders),$(firstword $(subst /, ,$*)))$(filter $(kernel_files),$*),$(kernels),$(plain)) \
	    $(if $(filter base data share,$(firstword $(subst /, ,$*))),$(careful)) -c $< -o $@

# what config.json records of how the program was built; made anew when the flags change
$(B)/gen/flags: Makefile
	@mkdir -p $(@D)
	@printf '#define BUILD_ARCH "%s"\n' '$(ARCH)' > $(B)/gen/build.h
	@touch $@

$(library): $(filter-out $(B)/obj/app/main.o,$(objects))
	@rm -f $@
	@ar rcs $@ $^

$(program): $(B)/obj/app/main.o $(library)
	$(CC) $(link) -o $@ $^ $(LIBS)

-include $(objects:.o=.d)

clean: ## remove build/
	rm -rf build
