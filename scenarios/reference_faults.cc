// The reference's part about faults.
#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/markdown.h"
#include "scenarios/point_parser.h"
#include "scenarios/points.h"
#include "scenarios/reference_parts.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

constexpr std::string_view kIntroduction = R"(## Faults

A list of what goes wrong; each item is one kind of fault with its keys. Examples, one of each kind:

```yaml
zones: {east: [coordinator, payment]}
faults:
)";

constexpr std::string_view kSitesText = R"(## Sites

Where a fault or a zone names a site, it may be `coordinator`, a service (each process of it), one process
of a service with `count` above 1 (`shard.2`), `participant` (each of them), or what a protocol calls its
further processes (`acceptor`, `acceptor.1`). Faults, but not zones and partitions, may also name whoever
has a part at that moment: `leader` (the coordinator, or the back-up that took over), `backup` (a
participant that leads), and `any`. The name of a zone stands for all of its sites.

)";

constexpr std::string_view kPointsText = R"(## Points

A point is a place in a protocol's text, around one effect of one handler:

```text
)";

constexpr std::string_view kPointRules = R"(```

MESSAGE and RECORD are the textbook names that traces show, `decision` (commit and abort alike), or
`any`. NTH is `1st`, `2nd` and so on. A handler may be named behind the point (`before send COMMIT on YES`,
`before send INQUIRY at recovery`) or before it, which needs quotation marks in YAML (`"on YES: before send
COMMIT"`): `start`, `recovery`, `prepared` (the local work is done), a message or a timer.

* `before`: the effect does not happen, nor does anything after it; `after`: it has happened, and nothing
  after it. A record is forced only when its write has ended. Of a broadcast `before send X` is before its
  first send and `after send X` after its last one, so all of it is sent; with `to SITE` the send to that
  site is meant (to the service's lowest-numbered process first), and sends to others may come before.
* `the NTH send`, `between`: within one broadcast, which leaves in the order of the processes' numbers.
* `before each single send`: each time with the fault's `probability`, which must be given.
* `random cut`: after a number of the broadcast's sends that is drawn uniformly, from none to all.
* `on delivery of`: instead of handling the message.
* `per step`: with the fault's `probability`, which must be given, instead of acting: at the start, at each
  delivered message, at deciding and at sending the decision.

A point to which whoever the fault concerns never comes, under any protocol of the file, is an error; one
that only some of them have is a note. `indoubt points PROTOCOL` lists all of a protocol.

)";

std::string fields_of(const FaultKind& kind) {
  std::vector<const Field*> own;
  std::vector<std::string_view> shared;
  for (const Field& f : kind.section->fields)
    if (is_condition(f))
      shared.push_back(f.name);
    else
      own.push_back(&f);
  return concat({rows_text(own), "Also, as under [when](#when): ", listed(shared), ".\n\n"});
}

std::string kind_text(const FaultKind& kind) {
  return concat({"## ", kind.section->name, "\n\n", kind.section->doc, "\n\n```yaml\n- ", kind.key,
                 ": ", kind.example, "\n```\n\n", fields_of(kind)});
}

std::string examples() {
  std::string out;
  for (const FaultKind& k : fault_kinds()) out += concat({"  - ", k.key, ": ", k.example, "\n"});
  return out;
}

std::string table_of(const Section& section) {
  std::vector<const Field*> rows;
  for (const Field& f : section.fields) rows.push_back(&f);
  return rows_text(rows);
}

std::string value_cell(const Field& field) {
  if (field.kind != nullptr) return std::string(field.kind->written);
  return concat({"[keys of ", field.section->name, "](#", field.section->name, ")"});
}

std::string default_cell(const Field& field) {
  if (field.required) return "required";
  if (!field.standard_doc.empty()) return std::string(field.standard_doc);
  return code(field.standard);
}

}  // namespace

std::string rows_text(const std::vector<const Field*>& rows) {
  MarkdownTable table({"key", "value", "default", "meaning"});
  for (const Field* f : rows) table.add({code(f->name), value_cell(*f), default_cell(*f), f->doc});
  return table.text();
}

std::string faults_reference() {
  std::string out = concat({kIntroduction, examples(), "```\n\n"});
  out +=
      "## when\n\nKeys that several kinds of faults share; each kind says which of them it has. At "
      "most one of `at`, `time`, `mttf` and `trace` may be given; without one the fault is there "
      "from the beginning. Every other condition that is given must hold as well.\n\n"
      "What comes by itself (`time`, `mttf`, `trace`, or from the beginning) belongs to the sites. "
      "With `sites: fresh` each transaction has sites of its own: its times count from the "
      "transaction's beginning, and its `probability` is drawn for each transaction. With `sites: "
      "shared` there is one set of sites: times count from the beginning of the run, the "
      "`probability` is drawn once for the whole run, and `transactions` does not restrict it. "
      "What happens at a point (`at`) belongs to the transaction that comes there, with either: "
      "its "
      "`window` counts from that transaction's beginning, and its `probability` is drawn for each "
      "transaction.\n\n";
  out += table_of(kConditionSection);
  out += concat({"## window\n\n", kWindowSection.doc, "\n\n", table_of(kWindowSection)});
  for (const FaultKind& k : fault_kinds()) out += kind_text(k);
  return concat({out, kSitesText, kPointsText, kPointGrammar, kPointRules});
}

}  // namespace indoubt
