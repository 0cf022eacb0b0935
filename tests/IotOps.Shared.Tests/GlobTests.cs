using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Shared.Tests;

public sealed class GlobTests
{
    [Theory]
    [InlineData("eth0", "eth0", true)]
    [InlineData("eth0", "eth00", false)]
    [InlineData("eth?", "eth0", true)]
    [InlineData("eth?", "eth", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*.log", ".log", true)]
    [InlineData("a*b*c*d", "aXXbXXcXXdX", false)]
    [InlineData("a*b*c*d", "abbccd", true)]
    [InlineData("A", "a", false)]
    [InlineData("[abc]", "b", true)]
    [InlineData("[a-c]*", "cx", true)]
    [InlineData("[!a-c]", "b", false)]
    [InlineData("[^a-c]", "d", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("a[", "a[", true)]
    [InlineData("*[0-9].log", "a1b2.log", true)]
    public void A_pattern_matches_whole_names(string pattern, string name, bool expected) => Glob.IsMatch(pattern, name).ShouldBe(expected);

    [Fact]
    public void Matches_are_those_of_a_regular_expression()
    {
        Gen<string> pattern = Gen.Elements("a", "b", "*", "?", "[ab]", "[!a]").ArrayOf().Select(static parts => string.Concat(parts));
        Gen<string> name = Gen.Elements('a', 'b').ArrayOf().Select(static text => new string(text));
        Prop.ForAll(Arb.From(pattern.SelectMany(p => name.Select(n => (Pattern: p, Name: n)))), static c =>
        {
            string regex = "^" + c.Pattern.Replace("[!", "[^", StringComparison.Ordinal).Replace("*", ".*", StringComparison.Ordinal).Replace('?', '.') + "$";
            return Glob.IsMatch(c.Pattern, c.Name) == Regex.IsMatch(c.Name, regex, RegexOptions.NonBacktracking);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_long_name_against_many_stars_ends_soon() =>
        Glob.IsMatch(string.Concat(Enumerable.Repeat("a*", 30)) + "b", new string('a', 5000)).ShouldBeFalse();
}
