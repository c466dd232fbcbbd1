# The tests: one binary a file, wildcards, no list to keep. Included by the Makefile.
#   tests/unit/test_X.c ... -> $(B)/tests/unit/test_X     cmocka, linked with the library
#   tests/grad/test_X.c     -> built with REAL=double
#   tests/fuzz/fuzz_X.c     -> replayed over tests/fuzz/corpus/X by `make test`, explored by `make fuzz`
groups     := unit registry golden script tty
test_flags  = $(common) -O1 -Itests
support    := $(patsubst tests/support/%.c,$(B)/tests/support/%.o,$(wildcard tests/support/*.c))
bins        = $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/$(1)/test_*.c))
replays    := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
TEST_LIBS  := -lcmocka -lvterm -lutil

.PHONY: $(groups:%=test-%) test-grad test-fuzz grad-double grad-bins
.SECONDEXPANSION:
.SECONDARY: $(support)

tests := $(foreach g,$(groups),$(call bins,$(g))) $(replays)

test: $(tests) grad-double $(program) ## everything a newcomer needs to trust a change; ends with the count
	@NEARFAR=$(CURDIR)/$(program) tests/run.sh $(tests) $(grad)

$(groups:%=test-%): test-%: $$(call bins,$$*) $(program)
	@NEARFAR=$(CURDIR)/$(program) tests/run.sh $(call bins,$*)

test-grad: grad-double
	@tests/run.sh $(grad)

# those in double are another variant, so another make
grad := $(patsubst tests/%.c,build/$(if $(SAN),$(subst $(comma),-,$(SAN))-)double/tests/%,$(wildcard tests/grad/test_*.c))
grad-double: | deps
	@$(MAKE) --no-print-directory -s REAL=double grad-bins
grad-bins: $(call bins,grad)

test-fuzz: $(replays)
	@tests/run.sh $(replays)

$(B)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(library)
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(test_flags) $(link) -DCORPUS='"tests/fuzz/corpus/$(*:fuzz_%=%)"' -o $@ $< tests/fuzz/replay.c $(library) $(LIBS)

$(B)/tests/support/%.o: tests/support/%.c $(B)/gen/flags
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(test_flags) -c -o $@ $<

$(B)/tests/%: tests/%.c $(support) $(library)
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(test_flags) $(link) -o $@ $< $(support) $(library) $(TEST_LIBS) $(LIBS)

-include $(wildcard $(B)/tests/*/*.d)

.PHONY: assets
assets: $(B)/tests/tools/draw_sample ## draw the sample pictures in assets/sample anew
	@$< assets/sample

golden: $(call bins,golden) $(program) ## write the golden canvases anew; look at the diff
	@GOLDEN_WRITE=1 NEARFAR=$(CURDIR)/$(program) tests/run.sh $(call bins,golden)

# measurements and the printer of the generated pages: no test library needed
latency := $(B)/tests/bench/bench_latency
benches := $(filter-out $(latency),$(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/bench/bench_*.c)))
printer := $(B)/tests/lint/print_docs
coverage := $(B)/tests/accept/coverage
$(benches) $(printer) $(coverage): $(B)/tests/%: tests/%.c $(library)
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(common) $(plain) $(link) -o $@ $< $(library) $(LIBS)

# it needs a terminal to draw on
$(latency): tests/bench/bench_latency.c $(B)/tests/support/pty.o $(B)/tests/support/screen.o $(library)
	@mkdir -p $(@D)
	$(call say,cc $<)
	$(Q)$(CC) $(test_flags) $(link) -o $@ $(filter-out %.h %.def,$^) -lvterm -lutil $(LIBS)

bench: $(program) $(benches) $(latency) ## the program's own speed on this machine, one line a figure
	@tests/bench/all.sh $(program) $(benches) $(latency)

FUZZ_SECONDS ?= 30
fuzz: deps ## explore every parser with libFuzzer for FUZZ_SECONDS each (clang)
	@tests/fuzz/explore.sh $(FUZZ_SECONDS)

accept: $(program) $(latency) $(coverage) ## what needs real training or statistics: one line a criterion, figure and bar
	@tests/accept/run.sh all $(program)

accept-quick: $(program) $(latency) $(coverage) ## the part of it that fits in five minutes
	@tests/accept/run.sh quick $(program)

check: $(printer) ## layers, lone headers, format, clang-tidy, cppcheck, sizes, generated docs
	@tests/lint/check.sh $(printer)

docs: $(printer) ## write the generated tables (keys, options, terms) and the man page anew
	@tests/lint/docs.sh $(printer)
