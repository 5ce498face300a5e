#include "cli/mistakes_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/format.h"
#include "cli/replay.h"
#include "cli/table.h"

namespace indoubt {
namespace {

std::string str(std::string_view s) { return std::string(s); }

std::string detected(const Trial& t) {
  return t.shown ? grouped(t.shown->transaction) : "not caught";
}

std::string correct(const Trial& t) {
  const std::string of = grouped(t.transactions);
  return t.flaw ? "violates " + str(textbook_number(t.flaw->property)) + " in transaction " +
                      grouped(t.flaw->transaction)
                : "nothing in " + of;
}

/// By the scenario's name in the library.
std::string replay_of(const Trial& t, const ProtocolUse& use, const Finding& f) {
  return replay_command(str(t.variant->mistake->scenario), *t.file, use.label, f.transaction);
}

/// "86 mistakes, all caught; the correct protocols show nothing".
std::string summary(const std::vector<Trial>& trials) {
  const auto caught = std::count_if(trials.begin(), trials.end(),
                                    [](const Trial& t) { return t.shown.has_value(); });
  const auto flawed = std::count_if(trials.begin(), trials.end(),
                                    [](const Trial& t) { return t.flaw.has_value(); });
  const std::size_t missed = trials.size() - static_cast<std::size_t>(caught);
  return std::to_string(trials.size()) + (trials.size() == 1 ? " mistake, " : " mistakes, ") +
         (missed == 0 ? "all caught" : std::to_string(missed) + " not caught") + "; " +
         (flawed == 0 ? "the correct protocols violate nothing"
                      : "beside " + std::to_string(flawed) + " the correct protocol fails too");
}

}  // namespace

std::string mistakes_text(const std::vector<Trial>& trials) {
  using A = Table::Align;
  Table table({A::left, A::left, A::left, A::right, A::left, A::left});
  table.add({"protocol", "mistake", "breaks", "first in", "scenario", "without it"});
  std::string_view before;
  for (const Trial& t : trials) {
    const std::string_view protocol = t.variant->protocol->name;
    table.add({protocol == before ? "" : str(protocol), str(t.variant->name),
               str(broken_by(*t.variant->mistake)), detected(t), str(t.variant->mistake->scenario),
               correct(t)});
    before = protocol;
  }
  const auto shown = std::find_if(trials.begin(), trials.end(),
                                  [](const Trial& t) { return t.shown.has_value(); });
  std::string out = table.text() + "\n" + summary(trials) + "\n";
  if (shown != trials.end()) {
    out += "to see one, like the first: " + replay_of(*shown, *shown->wrong, *shown->shown) + "\n";
  }
  return out;
}

namespace {

using Json = nlohmann::ordered_json;

Json finding_json(const std::optional<Finding>& f, const Trial& t, const ProtocolUse& use) {
  if (!f) return nullptr;
  return {{"transaction", f->transaction},
          {"at_ns", f->at_ns},
          {"explanation", f->explanation},
          {"replay", replay_of(t, use, *f)}};
}

Json trial_json(const Trial& t) {
  const Mistake& m = *t.variant->mistake;
  return {{"protocol", t.variant->protocol->name},
          {"mistake", m.name},
          {"breaks", broken_by(m)},
          {"wrong", m.wrong},
          {"tempting", m.tempting},
          {"source", m.source},
          {"scenario", t.file->path},
          {"label", t.wrong->label},
          {"seed", t.file->scenario.transactions.seed},
          {"shown", finding_json(t.shown, t, *t.wrong)},
          {"correct",
           {{"label", t.correct->label},
            {"transactions", t.transactions},
            {"violation", finding_json(t.flaw, t, *t.correct)}}}};
}

}  // namespace

std::string mistakes_json(const std::vector<Trial>& trials) {
  Json rows = Json::array();
  for (const Trial& t : trials) rows.push_back(trial_json(t));
  const bool good =
      std::all_of(trials.begin(), trials.end(), [](const Trial& t) { return t.good(); });
  const Json document = {{"indoubt", "mistakes"},
                         {"most_transactions", kMostTransactionsToDetect},
                         {"good", good},
                         {"mistakes", rows}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

/// The mistakes of `trials`, each once.
std::vector<const Mistake*> kinds(const std::vector<Trial>& trials) {
  std::vector<const Mistake*> all;
  for (const Trial& t : trials) {
    if (std::find(all.begin(), all.end(), t.variant->mistake) == all.end())
      all.push_back(t.variant->mistake);
  }
  return all;
}

std::string entry(const Mistake& m) {
  std::string protocols;
  for (const std::string_view p : m.protocols)
    protocols += (protocols.empty() ? "`" : ", `") + str(p) + "`";
  return "### " + str(m.name) + " (" + protocols + ")\n\n" + str(m.wrong) + " Breaks " +
         str(broken_by(m)) + ".\n\nTempting: " + str(m.tempting) + " Source: " + str(m.source) +
         ". Scenario: [" + str(m.scenario) + "](../scenarios/library/mistakes/" + str(m.scenario) +
         ".yaml).\n\n";
}

constexpr std::string_view kIntroduction = R"(# Known mistakes

<!-- Generated by `indoubt mistakes --markdown`; do not edit. -->

Protocols can be asked to make mistakes that implementations make, with their option `mistake`. Each is
caught by a scenario of the library, in the transaction that the table names, and the correct protocol goes
through the same transactions (10,000 of them) without any violation. `indoubt mistakes` runs all of them
again, and `--json` gives for each one the command that prints the transaction.

AC1: no two processes decide differently. AC2: nobody reverses its decision. AC3: commit only if all voted
YES. AC5: once failures are repaired everybody decides. *forgetting*: the coordinator can forget the
transaction when everybody has decided; it is no property of atomic commitment, but without it memory and
messages grow for ever.

)";

}  // namespace

std::string mistakes_markdown(const std::vector<Trial>& trials) {
  std::string out =
      str(kIntroduction) +
      "| protocol | mistake | breaks | first shown by transaction | scenario | without "
      "the mistake |\n|---|---|---|---|---|---|\n";
  for (const Trial& t : trials) {
    out += "| `" + str(t.variant->protocol->name) + "` | `" + str(t.variant->name) + "` | " +
           str(broken_by(*t.variant->mistake)) + " | " + detected(t) + " | `" +
           str(t.variant->mistake->scenario) + "` | " + correct(t) + " |\n";
  }
  out += "\n## What is wrong, and why it is tempting\n\n";
  for (const Mistake* m : kinds(trials)) out += entry(*m);
  out.pop_back();
  return out;
}

}  // namespace indoubt
