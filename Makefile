# nearfar: `make run` and `make test` are all a newcomer types; `make help` lists the rest.

# What is asked for is made one after the other, each by a make that uses every core (with `make -jN` it is N).
ifeq ($(MAKELEVEL),0)
goals := $(sort $(or $(MAKECMDGOALS),all))
cores := $(shell nproc)
.NOTPARALLEL:
.PHONY: $(goals)
$(goals):
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(cores)) $@
else

CC     := gcc
ARCH   ?= native
PREFIX ?= /usr/local
DEPS   ?= yes
REAL   ?= float
SAN    ?=
V      ?=

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

Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")

.PHONY: all run test check bench golden fuzz accept accept-quick install uninstall docs deps clean help
.DEFAULT_GOAL := all

all: $(program) ## build the program at build/nearfar (and install what is missing, where allowed)

run: all ## train on the built-in pictures, live
	@$(program)

include tests/tests.mk

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24
	@echo '  make test-GROUP       one group: $(groups) grad fuzz'
	@echo '  variants: V=1, SAN=address | undefined | thread, REAL=double, ARCH=x86-64-v3, DEPS=no, PREFIX=~/.local'

# the packages of what is asked for; each set holds the one before
asked = $(filter $(1),$(MAKECMDGOALS))
deps: ## install what is missing with apt, or print the one line that does
	@DEPS=$(DEPS) .ci/deps \
	    $(or $(if $(call asked,check fuzz),check),$(if $(call asked,accept%),accept),$(if $(call asked,test% grad% golden bench),test),build)

# ---- how things are made ----
$(B)/obj/%.o: src/%.c $(B)/gen/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(common) $(if $(filter $(kernel_folders),$(firstword $(subst /, ,$*)))$(filter $(kernel_files),$*),$(kernels),$(plain)) \
	    $(if $(filter base data share,$(firstword $(subst /, ,$*))),$(careful)) -c $< -o $@

# Packages come before anything else. Everything is compiled anew when the flags change; BUILD_ARCH is what
# config.json records of it
$(B)/gen/flags: FORCE | deps
	@mkdir -p $(@D)
	@echo '$(CC) $(filter-out -Werror,$(common)) $(plain) $(kernels)' | cmp -s - $@ || { \
	    echo '#define BUILD_ARCH "$(ARCH)"' > $(B)/gen/build.h; \
	    echo '$(CC) $(filter-out -Werror,$(common)) $(plain) $(kernels)' > $@; }
# A source that is no more leaves the library too
$(B)/gen/sources: FORCE | deps
	@mkdir -p $(@D)
	@echo '$(sources)' | cmp -s - $@ || echo '$(sources)' > $@
.PHONY: FORCE

$(library): $(filter-out $(B)/obj/app/main.o,$(objects)) $(B)/gen/sources
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

$(program): $(B)/obj/app/main.o $(library)
	$(call say,link $@)
	$(Q)$(CC) $(link) -o $@ $^ $(LIBS)

-include $(objects:.o=.d)

# ---- installing: the program, its manual page, the sample pictures; PREFIX=~/.local needs no root ----
prefix   = $(DESTDIR)$(patsubst ~/%,$(HOME)/%,$(PREFIX))
samples := $(wildcard assets/sample/*)

install: all ## into PREFIX (/usr/local): program, man page, sample pictures
	install -D -m 755 $(program) "$(prefix)/bin/nearfar"
	install -D -m 644 docs/nearfar.1 "$(prefix)/share/man/man1/nearfar.1"
	$(if $(samples),install -D -m 644 -t "$(prefix)/share/nearfar/sample" $(samples))

uninstall: ## take them out again
	rm -f "$(prefix)/bin/nearfar" "$(prefix)/share/man/man1/nearfar.1"
	rm -rf "$(prefix)/share/nearfar"

clean: ## remove build/
	rm -rf build

endif
