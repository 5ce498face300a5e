#include "scenarios/reference.h"

#include <algorithm>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/fields.h"
#include "scenarios/latency_text.h"
#include "scenarios/markdown.h"
#include "scenarios/predicate_parser.h"
#include "scenarios/reference_parts.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

constexpr std::string_view kIntroduction = R"(# Scenario files

<!-- Generated from the tables that the loader reads; do not edit. -->

A scenario is a YAML file. It says who takes part in a transaction, what messages and records meet,
which commit protocols run, and what the run must show. An example:

```yaml
indoubt: 1
title: One card payment, three services
protocols: [2pc, 3pc, {2pc: {as: 2pc-serial, asking: one-by-one}}]
services:
  payment:    {vote_yes: 99%, prepare: exponential 2ms}
  transfer:   {vote_yes: 98%, prepare: exponential 2ms}
  settlement: {vote_yes: 97%, prepare: exponential 2ms}
network: {latency: exponential 5ms}
transactions: {count: 1_000_000, seed: 1}
compare: [unanimous, at-least-one]
expect:
  - no violation
  - commit agrees with unanimous within 0.2%
```

Every error of a file is reported in one run, with its line and column. A file is at most 1 MiB of
UTF-8, one YAML document, nested at most 64 deep; anchors, aliases and tags are refused. A key may be
given once. `indoubt schema` prints a JSON Schema of this format for editors.

)";

constexpr std::string_view kValues = R"(## Values

| value | written | meaning |
|---|---|---|
| duration | `5ms`, `1.5s`, `0us` | A number and its unit: `ns`, `us`, `ms`, `s`, `min`, `h`. Whole nanoseconds, at most 10^18 of them (about 31 years); what is finer than 1 ns is refused. |
| probability | `0.99`, `99%`, `1e-6` | From 0 to 1, or 0% to 100%; at most 15 digits. |
| whole number | `1000000`, `1_000_000` | `_` may part groups of three digits. |
| rate | `200/s`, `10/ms`, `5/min` | A number per unit of time, more than 0. |
| latency | `5ms`, `exponential 5ms`, `1ms + exponential 4ms` | See below. |
| text | `One card payment` | One line of at most 200 bytes. |

)";

constexpr std::string_view kLatencyText = R"(## Latencies

A latency is a duration, which is then the same each time, or `[DURATION +] KIND VALUE ...`, where
the duration is a minimum to which every draw is added. The values stand in the order of the table,
or each behind its name: `lognormal 5ms 0.5`, `lognormal median 5ms sigma 0.5`.

)";

constexpr std::string_view kQuantileText = R"(A file of delays lies beside the scenario and has one
delay in each line, with its unit or in milliseconds, or `quantile,delay` in each line. Blank lines,
lines that begin with `#` and a heading are skipped; at most 1 MiB. The quantiles may also stand in
the scenario:

```yaml
latency: {empirical: {0%: 1ms, 50%: 2ms, 100%: 20ms}, minimum: 1ms}
```

Under `timeouts`, `never` is a length too.

)";

constexpr std::string_view kPredicateText = R"(## Predicates

A predicate under `predicates` is a formula over claims about processes, asked at the end of each
transaction. Each is a measure called `predicate.NAME`, in every output and under `expect`.

```yaml
predicates:
  split: any participant committed and any participant aborted
  lonely: payment committed and transfer in doubt and coordinator down
  most: count(shard committed) >= 2 and not coordinator has record committed
```

)";

constexpr std::string_view kPredicateFacts = R"(| fact | of a process |
|---|---|
| committed, aborted, undecided | what it has decided, also if its site is down by now; of one that reversed its decision, the last |
| voted yes, no, read, nothing | its vote |
| in doubt | it has sent YES and has not learnt the decision, its site up or down |
| blocked | up, in doubt, and nothing that can still happen brings a decision unless a site restarts or a cut heals |
| up, down | its site |
| learnt commit, abort, nothing | the decision that it knows, its forced write done or not; what it decided alone (heuristically) it has not learnt |
| in state NAME | the state that `indoubt trace` shows; none while its site is down |
| has record committed, aborted, nothing | of the coordinator: the decision of which it has forced a record; a record that it only logged does not count |

PROCESS is `coordinator`, a service of which there is one, or a process by its number. GROUP is `participant`,
a service, or the protocol's own processes like `acceptor`; under a protocol that has none of these, `all` holds
and `any` does not. `indoubt list measures` has the predicates that every scenario has without naming them.

)";

constexpr std::string_view kExpectText =
    R"(MEASURE and MODEL are names of the two tables below, or `predicate.NAME`,
`commit_by(TIME)` and `abort_by(TIME)` where the file has such predicates and `report: {by: [TIME]}`.
PROPERTY is `agreement`, `stability`, `validity`, `nontriviality` or `termination`, or `AC1` to `AC5`; without
one AC1-AC4 are meant. LABEL is that
of a protocol of the file; a line without `under` is about each protocol. VALUE and MARGIN are written
in the unit of the measure: a probability (a margin of `0.2%` is 0.2 percentage points), a duration,
or a plain number; without `within` it is 0.2 percentage points, or 0.5 % of the value of a mean.
`no violation` without a property is about all of them; `violation of` without a model expects at
least one. A violation of AC1-AC4 that no line speaks of fails the run, also one without `expect`.
`is at most 0%` and `is at least 100%` hold when there was no exception at all.

)";

std::string section_text(const Section& section) {
  std::vector<const Field*> rows;
  for (const Field& f : section.fields) rows.push_back(&f);
  return concat({"## ", section.name, "\n\n", section.doc, "\n\n", rows_text(rows)});
}

std::string protocol_text(const ProtocolEntry& protocol) {
  MarkdownTable table({"option", "value", "default", "meaning"});
  table.add(
      {"`as`", "label", code(protocol.name), "Name of this use of the protocol in the file."});
  for (const OptionField& o : protocol.options)
    table.add({code(o.name), option_values(o), code(option_standard(o)), o.doc});
  return concat({"### ", protocol.name, "\n\n", protocol.summary, " Source: ", protocol.source,
                 "\n\nTimers: ", listed(protocol.timers), ".\n\n", table.text()});
}

std::string protocols_text() {
  std::string out =
      "## Protocols\n\nAn item of `protocols` is a name, or `{NAME: {as: LABEL, OPTION: VALUE, "
      "...}}`. Labels are unique in a file and made of letters, digits, `-`, `_` and `.`.\n\n";
  for (const ProtocolEntry& p : protocol_catalogue()) out += protocol_text(p);
  return out;
}

std::string timers_text() {
  MarkdownTable table({"timer", "protocols", "meaning"});
  for (const std::string_view timer : timer_names()) {
    std::vector<std::pair<std::string_view, std::vector<std::string_view>>> meanings;
    for (const ProtocolEntry& p : protocol_catalogue()) {
      const auto at = std::find(p.timers.begin(), p.timers.end(), timer);
      if (at == p.timers.end()) continue;
      const std::string_view doc = p.timer_docs[static_cast<std::size_t>(at - p.timers.begin())];
      auto same = std::find_if(meanings.begin(), meanings.end(),
                               [&](const auto& m) { return m.first == doc; });
      if (same == meanings.end()) same = meanings.insert(same, {doc, {}});
      same->second.push_back(p.name);
    }
    for (const auto& [doc, owners] : meanings)
      table.add({code(timer), listed(owners), std::string(doc)});
  }
  return "## Timers\n\nThe keys of `timeouts`. A file may name the timers of its own protocols; "
         "each "
         "value is a latency or `never`.\n\n" +
         table.text();
}

std::string parameters_cell(const LatencyKind& kind) {
  std::string out;
  for (const LatencyParameter& p : kind.parameters)
    out += concat({out.empty() ? "" : " ", code(p.name), ": ", p.doc});
  return out;
}

std::string latencies_text() {
  MarkdownTable table({"kind", "written", "example", "meaning", "values"});
  for (const LatencyKind* k : latency_catalogue())
    table.add({code(k->name), code(usage(*k)), code(example(*k)), k->doc, parameters_cell(*k)});
  return concat({kLatencyText, table.text(), kQuantileText});
}

std::string_view kind_name(Measure::Kind kind) {
  switch (kind) {
    case Measure::Kind::proportion: return "probability";
    case Measure::Kind::time: return "duration";
    case Measure::Kind::count: return "number";
  }
  return {};
}

std::string verdicts_text() {
  MarkdownTable measures({"measure", "unit", "meaning"});
  for (const Measure& m : measure_catalogue())
    measures.add({code(m.name), kind_name(m.kind), m.doc});
  MarkdownTable models({"model", "predicts", "formula", "meaning", "source"});
  for (const Model* m : model_catalogue())
    models.add({code(m->name), code(m->measure), m->formula, m->doc, m->source});
  return concat({kPredicateText, "```text\n", kPredicateGrammar, "```\n\n", kPredicateFacts,
                 "## Expectations\n\nA line under `expect` is one of\n\n```text\n",
                 kExpectationGrammar, "```\n\n", kExpectText, "## Measures\n\n", measures.text(),
                 "## Models\n\nFor `compare` and `expect`.\n\n", models.text()});
}

}  // namespace

std::string scenario_reference() {
  std::string out(kIntroduction);
  for (const Section* s : all_sections())
    if (!is_fault_section(*s) && s != &kWindowSection) out += section_text(*s);
  out += faults_reference();
  out += protocols_text();
  out += timers_text();
  out += kValues;
  out += latencies_text();
  out += verdicts_text();
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace indoubt
