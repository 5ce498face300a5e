#include "scenarios/diagnostic.h"

#include <gtest/gtest.h>

namespace indoubt {
namespace {

Diagnostic made(const std::string& text, Place place, std::size_t length) {
  const Source source("file.yaml", text);
  Diagnostics all("file.yaml");
  all.add(source, place, length, "key", "message");
  return all.take().front();
}

TEST(Diagnostic, ShowsPlaceKeyMessageLineAndMarker) {
  EXPECT_EQ(text(made("one\ntwo three\n", {2, 5}, 5)),
            "file.yaml:2:5: key: message\n"
            "   2 | two three\n"
            "     |     ^~~~~\n");
}

TEST(Diagnostic, OfAWholeFileHasNoPlace) {
  Diagnostics all("file.yaml");
  all.add_whole("file.yaml", "no such file");
  EXPECT_EQ(text(all.take().front()), "file.yaml: no such file\n");
}

TEST(Diagnostic, KeepsTabsSoThatTheMarkerStandsBelowItsPlace) {
  const Diagnostic d = made("a\tb\tc", {1, 5}, 1);
  EXPECT_EQ(d.excerpt, "a\tb\tc");
  EXPECT_EQ(d.marker, " \t \t^");
}

TEST(Diagnostic, CountsCharactersAndNotBytes) {
  const Diagnostic d = made("\xC3\xBC\xC3\xBC x", {1, 6}, 1);  // two umlauts of two bytes
  EXPECT_EQ(d.column, 4);
  EXPECT_EQ(d.marker, "   ^");
}

TEST(Diagnostic, GivesWideCharactersTwoColumns) {
  const Diagnostic d = made("\xE4\xBD\xA0\xE5\xA5\xBD x", {1, 8}, 1);
  EXPECT_EQ(d.column, 4);
  EXPECT_EQ(d.marker, "     ^");
  EXPECT_EQ(made("\xE4\xBD\xA0\xE5\xA5\xBD x", {1, 4}, 3).marker, "  ^~");
}

TEST(Diagnostic, ClipsALongLineAroundThePlace) {
  const std::string line = std::string(500, 'a') + "HERE" + std::string(500, 'b');
  const Diagnostic d = made(line, {1, 501}, 4);
  EXPECT_LT(d.excerpt.size(), 110u);
  EXPECT_EQ(d.excerpt.substr(d.marker.find('^'), 4), "HERE");
  EXPECT_EQ(d.excerpt.substr(0, 3), "...");
  EXPECT_EQ(d.excerpt.substr(d.excerpt.size() - 3), "...");
  EXPECT_EQ(d.column, 501);
}

TEST(Diagnostic, MarksAPlaceBehindTheEndOfItsLine) {
  EXPECT_EQ(made("abc\n", {1, 4}, 1).marker, "   ^");
  EXPECT_EQ(made("abc\n", {1, 99}, 1).marker, "   ^");
}

TEST(Diagnostic, NeverSendsControlCharactersToTheTerminal) {
  const Diagnostic d = made("a\x1B[31mb\xFF", {1, 2}, 1);
  EXPECT_EQ(d.excerpt, "a?[31mb?");
  EXPECT_EQ(in_quotes("\x1B]0;x\n\xC2\x9Bz"), "'?]0;x ?z'");
}

TEST(Quotes, ClipLongText) { EXPECT_EQ(in_quotes(std::string(60, 'x')).size(), 2u + 40u + 3u); }

TEST(Diagnostics, AreSortedByPlaceWithOtherFilesLast) {
  const Source main("a.yaml", "x\ny\n"), other("0.csv", "x\n");
  Diagnostics all("a.yaml");
  all.add(other, {1, 1}, 1, "", "3");
  all.add(main, {2, 1}, 1, "", "2");
  all.add(main, {1, 1}, 1, "", "1");
  std::string order;
  for (const Diagnostic& d : all.take()) order += d.message;
  EXPECT_EQ(order, "123");
}

TEST(Diagnostics, AreCountedWhereThereAreTooMany) {
  const Source source("a.yaml", "x\n");
  Diagnostics all("a.yaml");
  for (std::size_t i = 0; i < Diagnostics::kMost + 7; ++i) all.add(source, {1, 1}, 1, "", "no");
  const auto list = all.take();
  ASSERT_EQ(list.size(), Diagnostics::kMost + 1);
  EXPECT_EQ(list.back().message, "and 7 more errors");
}

}  // namespace
}  // namespace indoubt
