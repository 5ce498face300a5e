#include "scenarios/expectation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/diagnostic.h"
#include "scenarios/exact_model.h"
#include "scenarios/suggestion.h"
#include "scenarios/words.h"

namespace indoubt {
namespace {

using Problem = std::optional<TextError>;

constexpr std::array<Property, kProperties> kAllProperties = {
    Property::agreement, Property::stability, Property::validity, Property::nontriviality,
    Property::termination};

/// What people write for a bound, and what is meant.
struct BoundWord {
  std::string_view written, meant;
};
constexpr std::array<BoundWord, 20> kBoundWords = {
    {{">=", "at least"},      {"=>", "at least"},       {">", "at least"},
     {"<=", "at most"},       {"=<", "at most"},        {"<", "at most"},
     {"atleast", "at least"}, {"at-least", "at least"}, {"at_least", "at least"},
     {"least", "at least"},   {"greater", "at least"},  {"more", "at least"},
     {"above", "at least"},   {"over", "at least"},     {"atmost", "at most"},
     {"at-most", "at most"},  {"at_most", "at most"},   {"less", "at most"},
     {"below", "at most"},    {"most", "at most"}}};

/// "at least" or "at most", if `word` is or begins with another way to write it; else empty.
std::string_view bound_meant(std::string_view word) {
  for (const BoundWord& b : kBoundWords) {
    const bool sign = b.written.find_first_of("<>") != std::string_view::npos;
    if (sign ? word.substr(0, b.written.size()) == b.written : word == b.written) return b.meant;
  }
  return {};
}

/// A recursive-descent parser: one function for each part of the grammar, each leaving its part in
/// `out_`, or returning what is wrong.
class Parser {
 public:
  Parser(std::string_view text, std::span<const std::string_view> labels,
         const MeasureSet& measures)
      : words_(text, true), labels_(labels), measures_(measures) {
    out_.text = text;
  }

  Parsed<Expectation> parse() {
    if (Problem p = statement()) return *std::move(p);
    if (Problem p = within()) return *std::move(p);
    if (Problem p = under()) return *std::move(p);
    if (!words_.empty()) return unexpected("the end of the line" + expected_tail());
    return std::move(out_);
  }

 private:
  Problem statement() {
    words_.take_if("measured");
    if (words_.take_if("no")) return no_violation();
    if (words_.take_if("violation")) return violation();
    return measure();
  }

  Problem no_violation() {
    out_.kind = Expectation::Kind::no_violation;
    if (!words_.take_if("violation")) return unexpected("`violation`");
    if (!words_.take_if("of")) return std::nullopt;
    return property();
  }

  Problem violation() {
    out_.kind = Expectation::Kind::violation;
    if (!words_.take_if("of")) return unexpected("`of` and a property");
    if (Problem p = property()) return p;
    out_.measure = find_measure("violation." + std::string(name(*out_.property)));
    if (!words_.take_if("agrees")) return std::nullopt;
    out_.kind = Expectation::Kind::agrees;
    return with_model();
  }

  Problem property() {
    std::vector<std::string_view> names;
    for (const Property p : kAllProperties) {
      names.push_back(name(p));
      if (words_.here().text == name(p) || words_.here().text == textbook_number(p))
        out_.property = p;
    }
    for (const Property p : kAllProperties) names.push_back(textbook_number(p));
    if (!out_.property) return unknown("property", names);
    words_.take();
    return std::nullopt;
  }

  Problem measure() {
    out_.measure = measures_.find(words_.here().text);
    if (out_.measure == nullptr) return unknown_measure();
    words_.take();
    if (words_.take_if("is")) return is_value();
    if (words_.take_if("agrees"))
      out_.kind = Expectation::Kind::agrees;
    else if (words_.take_if("disagrees"))
      out_.kind = Expectation::Kind::disagrees;
    else
      return unexpected_verb();
    return with_model();
  }

  TextError unknown_measure() const {
    const Word word = words_.here();
    const std::string own = "predicate." + std::string(word.text);
    if (measures_.find(own) == nullptr) return unknown("measure", measures_.names());
    return error_at(word, in_quotes(word.text) + " is a predicate; its measure is called " + own);
  }

  Problem with_model() {
    if (!words_.take_if("with")) return unexpected("`with` and a model");
    const Word word = words_.here();
    out_.model = find_comparable(word.text);
    if (out_.model == nullptr) return unknown("model", model_names());
    words_.take();
    const Measure* predicted = find_measure(out_.model->measure);
    if (predicted == nullptr || predicted->kind == out_.measure->kind) return std::nullopt;
    return error_at(word, in_quotes(word.text) + " is a model of " + std::string(predicted->name) +
                              ", which cannot be compared with " + std::string(out_.measure->name));
  }

  Problem is_value() {
    out_.kind = Expectation::Kind::equals;
    if (words_.take_if("at")) {
      if (words_.take_if("least"))
        out_.kind = Expectation::Kind::at_least;
      else if (words_.take_if("most"))
        out_.kind = Expectation::Kind::at_most;
      else
        return unexpected("`at least` or `at most`");
    }
    if (!bound_meant(words_.here().text).empty())
      return error_at(words_.here(), in_quotes(words_.here().text) + bound_hint());
    return quantity(out_.value);
  }

  Problem within() {
    const Word word = words_.here();
    if (!words_.take_if("within")) return std::nullopt;
    if (out_.kind != Expectation::Kind::agrees && out_.kind != Expectation::Kind::equals)
      return error_at(word, "a margin belongs behind `agrees with MODEL` or `is VALUE` only");
    double margin = 0;
    if (Problem p = quantity(margin)) return p;
    out_.margin = margin;
    return std::nullopt;
  }

  /// A value in the unit of the measure.
  Problem quantity(double& value) {
    if (words_.empty()) return unexpected(unit());
    const Word word = words_.take();
    Problem problem;
    const auto store = [&](auto parsed, auto&& plain) {
      if (parsed)
        value = plain(*parsed.value);
      else
        problem = shifted(std::move(parsed.error), word.offset);
    };
    const auto same = [](double x) { return x; };
    switch (out_.measure->kind) {
      case Measure::Kind::proportion: store(parse_probability(word.text), same); break;
      case Measure::Kind::count: store(parse_number(word.text), same); break;
      case Measure::Kind::time:
        store(parse_duration(word.text), [](Duration d) { return static_cast<double>(d.count()); });
    }
    return problem;
  }

  TextError unexpected_verb() const {
    const std::string hint = bound_hint();
    if (!hint.empty()) return error_at(words_.here(), in_quotes(words_.here().text) + hint);
    return unexpected("`agrees with`, `disagrees with` or `is`");
  }

  /// " is no word of this grammar; write `is at least 85%`", if the next word is another way to say
  /// so; else empty.
  std::string bound_hint() const {
    Words ahead = words_;
    if (ahead.empty()) return "";
    std::string_view word = ahead.take().text;
    const std::string_view meant = bound_meant(word);
    const bool equal = word.front() == '=' && word.find_first_of("<>") == word.npos;
    if (meant.empty() && !equal) return "";
    word.remove_prefix(std::min(word.find_first_not_of("<>="), word.size()));
    const bool glued = !word.empty() && (word.front() < 'a' || word.front() > 'z');
    while (ahead.take_if("than") || ahead.take_if("or") || ahead.take_if("equal") ||
           ahead.take_if("to")) {
    }
    std::string_view value = glued || ahead.empty() ? word : ahead.take().text;
    if (value.substr(0, 1).find_first_of("0123456789") == value.npos) value = "VALUE";
    return " does not belong here; write `is " + std::string(meant) + (equal ? "" : " ") +
           shown(value) + "`";
  }

  std::string unit() const {
    switch (out_.measure->kind) {
      case Measure::Kind::proportion: return "a share, like 0.95 or 95%";
      case Measure::Kind::count: return "a number, like 12.5";
      case Measure::Kind::time: return "a duration, like 5ms";
    }
    return {};
  }

  Problem under() {
    if (!words_.take_if("under")) return std::nullopt;
    do {
      const Word word = words_.here();
      const bool known = std::find(labels_.begin(), labels_.end(), word.text) != labels_.end();
      if (word.text.empty() || word.text == "," || (!known && !labels_.empty()))
        return unknown("protocol of this file", labels_);
      out_.labels.emplace_back(words_.take().text);
    } while (words_.take_if(","));
    return std::nullopt;
  }

  /// What could still follow where the line should end.
  std::string expected_tail() const {
    if (!out_.labels.empty()) return " or a comma and another protocol";
    const bool margin =
        (out_.kind == Expectation::Kind::agrees || out_.kind == Expectation::Kind::equals) &&
        !out_.margin;
    return margin ? ", `within` or `under`" : " or `under`";
  }

  TextError unexpected(const std::string& wanted) const {
    const Word word = words_.here();
    if (word.text.empty()) return error_at(word, "the line ends where " + wanted + " is expected");
    return error_at(word, "found " + in_quotes(word.text) + " where " + wanted + " is expected");
  }

  TextError unknown(const std::string& what, std::span<const std::string_view> names) const {
    const Word word = words_.here();
    if (word.text.empty())
      return error_at(word,
                      "the line ends where a " + what + " is expected; known: " + listed(names));
    return error_at(word,
                    in_quotes(word.text) + " is no " + what + choices(word.text, "known", names));
  }

  Words words_;
  std::span<const std::string_view> labels_;
  const MeasureSet& measures_;
  Expectation out_;
};

}  // namespace

bool Expectation::is_about(std::string_view label) const {
  return labels.empty() || std::find(labels.begin(), labels.end(), label) != labels.end();
}

Parsed<Expectation> parse_expectation(std::string_view text,
                                      std::span<const std::string_view> labels,
                                      const MeasureSet& measures) {
  return Parser(text, labels, measures).parse();
}

std::vector<std::string_view> model_names() {
  std::vector<std::string_view> names;
  for (const Model* m : model_catalogue()) names.push_back(m->name);
  names.push_back(kExactModel.name);
  return names;
}

}  // namespace indoubt
