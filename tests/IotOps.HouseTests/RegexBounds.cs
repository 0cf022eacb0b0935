using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>A pattern that meets text of others does not backtrack, or has a match time-out: one text could hold it up for years.</summary>
public sealed partial class RegexBounds
{
    private const string ProcessWide = "REGEX_DEFAULT_MATCH_TIMEOUT";

    [Fact]
    public void Every_regular_expression_of_packages_and_samples_has_a_bound() =>
        (from folder in (string[])["src", "samples"]
         from path in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
         where !path.Split(Path.DirectorySeparatorChar).Contains("obj", StringComparer.Ordinal)
         from unbounded in Unbounded(File.ReadAllText(path))
         where !IsBoundedByItsProgram(path)
         select $"{Path.GetRelativePath(Repository.Root, path)}: {unbounded}")
        .ShouldBeEmpty("Give it RegexOptions.NonBacktracking or a match time-out.");

    [Theory]
    [InlineData("new Regex(text)", false)]
    [InlineData("new Regex(\"^(a+)+$\", RegexOptions.Compiled)", false)]
    [InlineData("new Regex(text, RegexOptions.NonBacktracking)", true)]
    [InlineData("new Regex(text, RegexOptions.None, TimeSpan.FromMilliseconds(Limit(1)))", true)]
    [InlineData("[GeneratedRegex(@\"a(b)\", RegexOptions.ExplicitCapture)]", false)]
    [InlineData("[GeneratedRegex(@\"a(b)\", RegexOptions.ExplicitCapture, 1_000)]", true)]
    [InlineData("[GeneratedRegex(\"a\", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]", true)]
    [InlineData("Regex.IsMatch(text, \"a\")", false)]
    [InlineData("Regex.Replace(text, \"a\", \"b\", RegexOptions.None, TimeSpan.FromSeconds(1))", true)]
    [InlineData("Regex.Escape(text)", true)]
    public void A_bound_is_told_from_none(string code, bool isBounded) => Unbounded(code).Any().ShouldBe(!isBounded);

    private static IEnumerable<string> Unbounded(string source) =>
        from Match use in Use().Matches(source)
        let call = Call(source, use.Index + use.Length)
        where !Bound().IsMatch(call)
        select use.Value + call;

    // A program that sets the time-out of every pattern before it makes one.
    private static bool IsBoundedByItsProgram(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, "Program.cs") is var program && File.Exists(program)
        && File.ReadAllText(program).Contains(ProcessWide, StringComparison.Ordinal);

    // To the end of the line: patterns hold parentheses of their own.
    private static string Call(string source, int start) => source[start..].Split('\n')[0].TrimEnd();

    [GeneratedRegex(@"new Regex\(|\bGeneratedRegex\(|\bRegex\.(?:IsMatch|Match|Matches|Count|Replace|Split|EnumerateMatches|EnumerateSplits)\(", RegexOptions.NonBacktracking)]
    private static partial Regex Use();

    [GeneratedRegex(@"RegexOptions\.NonBacktracking|TimeSpan|matchTimeoutMilliseconds|, [0-9_]+\)\]$", RegexOptions.NonBacktracking)]
    private static partial Regex Bound();
}
