using System.Text.RegularExpressions;

namespace IotOps.HouseTests;

/// <summary>Every C# block of a README is a part of a file that compiles, so that what a newcomer copies works.</summary>
public sealed partial class ReadmeCode
{
    public static TheoryData<string> Readmes =>
    [
        "README.md",
        Path.Combine("docs", "configuration.md"),
        .. Repository.ShippedProjects.Select(path => Path.GetRelativePath(Repository.Root, Path.Combine(Path.GetDirectoryName(path)!, "README.md"))),
    ];

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_code_block_is_compiled_somewhere(string readme)
    {
        string compiled = string.Concat(Directory
            .EnumerateFiles(Repository.Path("tests", "IotOps.HouseTests", "Snippets"), "*.cs")
            .Append(Repository.Path("samples", "WorkerAgent", "Program.cs"))
            .Select(path => Flatten(File.ReadAllText(path))));

        foreach (Match block in CodeBlock().Matches(Repository.Read(readme)))
        {
            compiled.ShouldContain(
                Flatten(block.Groups["code"].Value),
                Case.Sensitive,
                $"This block of {readme} is not in tests/IotOps.HouseTests/Snippets:\n{block.Groups["code"].Value}");
        }
    }

    // Indentation differs between a block of its own and a method's body; nothing else may.
    private static string Flatten(string code) =>
        string.Concat(code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => line + "\n"));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeBlock();
}
