// compare and expect: what the run is held against.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/exact_model.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"

namespace indoubt {
namespace {

constexpr std::string_view kModelsWanted = "a list of models, like [unanimous, at-least-one]";
constexpr std::string_view kExpectWanted =
    "a list of sentences, like [no violation, commit agrees with unanimous]";

Json comparisons_schema() {
  return {{"type", {"array", "null"}}, {"items", {{"enum", model_names()}}}, {"uniqueItems", true}};
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view w : words) {
    out += out.empty() ? "(" : "|";
    for (const char c : w) out.append(c == '.' ? "\\" : "").append(1, c);
  }
  return out + ")";
}

/// The catalogue, and whatever a file may have named itself.
std::string measures_pattern() {
  return concat({"(", alternatives(MeasureSet().names()), "|predicate\\.[a-z][a-z0-9_-]*|",
                 "(commit|abort)_by\\(", kDurationPattern, "\\))"});
}

Json expectations_schema() {
  const std::string model = " +" + alternatives(model_names());
  const std::string within = "( +within +[^ ]+)?";
  const std::string verb = "(agrees +with" + model + within + "|disagrees +with" + model +
                           "|is +(at +(least|most) +[^ ]+|[^ ]+" + within + "))";
  const std::string property =
      " +of +(agreement|stability|validity|nontriviality|termination|AC[1-5])";
  const std::string pattern = "(measured +)?(no +violation(" + property + ")?|violation" +
                              property + "( +agrees +with" + model + within + ")?|" +
                              measures_pattern() + " +" + verb + ")( +under +.+)?";
  return {{"type", {"array", "null"}}, {"items", text_schema(pattern)}};
}

std::vector<std::string_view> labels_of(const Reader& reader, const Scenario& scenario) {
  std::vector<std::string_view> labels;
  if (!reader.is_broken("protocols"))
    for (const ProtocolUse& use : scenario.protocols) labels.push_back(use.label);
  return labels;
}

/// Whether a line speaks of a measure that the file names itself and that could not be read: an
/// error tells it already.
bool leans_on_broken(const Reader& reader, std::string_view text) {
  return (reader.is_broken("predicates") && text.find("predicate.") != text.npos) ||
         (reader.is_broken("report") && text.find("_by(") != text.npos);
}

}  // namespace

void read_comparisons(Reader& reader, const Node& node, void*) {
  if (!reader.is_list(node, kModelsWanted)) return;
  auto& models = reader.file().compare;
  for (const Node* item : node.items) {
    const std::string* name = reader.scalar(*item, "the name of a model");
    if (name == nullptr) continue;
    const Model* model = find_comparable(*name);
    if (model == nullptr)
      reader.error(*item,
                   in_quotes(*name) + " is no model" + choices(*name, "models", model_names()));
    else if (std::find(models.begin(), models.end(), model) != models.end())
      reader.error(*item, "the model " + in_quotes(*name) + " is named twice");
    else
      models.push_back(model);
  }
}

void read_expectations(Reader& reader, const Node& node, void* owner) {
  if (!reader.is_list(node, kExpectWanted)) return;
  const auto labels = labels_of(reader, *static_cast<Scenario*>(owner));
  for (const Node* item : node.items) {
    const std::string* text =
        reader.scalar(*item, "a sentence, like: commit agrees with unanimous");
    if (text == nullptr) continue;
    auto parsed = parse_expectation(*text, labels, reader.file().measures);
    if (!parsed && leans_on_broken(reader, *text)) continue;
    if (!parsed) {
      reader.error(*item, parsed.error);
      continue;
    }
    const Place place = reader.shown_place(item->text_place.value_or(item->place));
    parsed.value->line = place.line;
    parsed.value->column = place.column;
    reader.file().expect.push_back(std::move(*parsed.value));
  }
}

const ValueKind kComparisons{"list of models", kModelsWanted, &comparisons_schema};
const ValueKind kExpectations{"list of sentences", kExpectWanted, &expectations_schema};

}  // namespace indoubt
