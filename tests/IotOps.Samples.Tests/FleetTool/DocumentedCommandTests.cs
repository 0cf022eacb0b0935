using System.Text.RegularExpressions;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetTool;
using IotOps.Samples.FleetTool.Detection;

namespace IotOps.Samples.Tests.FleetTool;

/// <summary>Command lines of FleetTool that the pages show are those that it takes.</summary>
public sealed partial class DocumentedCommandTests
{
    private static string Root { get; } = FindRoot();

    public static TheoryData<string> Pages => [.. PageFiles().Select(path => Path.GetRelativePath(Root, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_line_of_a_page_is_taken(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page));
        string[] problems =
        [
            .. Fenced(text).Select(line => ProblemOf(line, isWhole: true)).OfType<string>(),
            .. Inline().Matches(text).Select(match => ProblemOf(match.Groups["line"].Value, isWhole: false)).OfType<string>(),
        ];

        problems.ShouldBeEmpty();
    }

    [Fact]
    public void Pages_show_commands_of_every_kind()
    {
        string all = string.Join('\n', PageFiles().SelectMany(path => Fenced(File.ReadAllText(path))));

        foreach (string command in new[] { "detect run", "detect check", "detect put", "quarantine run", "evidence collect", "simulate" })
        {
            all.ShouldContain($"FleetTool {command} ");
        }
    }

    [Fact]
    public void The_command_line_of_the_service_of_detection_is_taken()
    {
        string words = File.ReadAllText(Path.Combine(Root, "deploy", "fleet", "detect.yaml")).ReplaceLineEndings("\n").Split("          Command:\n")[1].Split("          Environment:\n")[0];

        string line = "FleetTool " + string.Join(' ', words.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim()[2..].Replace("!Ref ", "", StringComparison.Ordinal)));

        line.ShouldStartWith("FleetTool detect run --config detect.json5 --queue DetectQueueUrl --table ");
        ProblemOf(line, isWhole: true).ShouldBeNull();
    }

    [Fact]
    public void The_settings_and_the_profiles_of_the_image_can_be_used()
    {
        DetectConfig config = ConfigFile.Read(Path.Combine(Root, "deploy", "fleet", "detect.json5"), DetectConfig.Read);

        config.Profiles.ShouldBe(["profiles"]);
        ProfileFiles.Read([Path.Combine(Root, "deploy", "fleet", "profiles")], config.Sources!.Value).ShouldAllBe(file => file.Problem == null);
    }

    [Theory]
    [InlineData("FleetTool detect walk", "which of detect run")]
    [InlineData("FleetTool detect run --quue URL", "unknown option '--quue'")]
    [InlineData("FleetTool detect put messages.jsonl", "--inbox FILE is missing")]
    [InlineData("FleetTool quarantine undo v --reason \"false alarm\" more", "unexpected 'more'")]
    public void A_line_that_is_not_taken_is_found(string line, string problem) => ProblemOf(line, isWhole: true)!.ShouldContain(problem);

    // Of a sentence the beginning of a command is enough: what it needs besides is said in words.
    private static string? ProblemOf(string line, bool isWhole)
    {
        string[] words = Words(line);
        string[] alternatives = words.Length > 1 && words[1..].FirstOrDefault(word => word.Contains('|', StringComparison.Ordinal)) is { } choice && !isWhole ? choice.Split('|') : [""];
        foreach (string alternative in alternatives)
        {
            string[] said = [.. words.Skip(1).Select(word => alternative.Length > 0 && word.Contains('|', StringComparison.Ordinal) ? alternative : word)];
            if (ProblemOf(said, isWhole) is { } problem)
            {
                return $"{line}: {problem}";
            }
        }

        return null;
    }

    private static string? ProblemOf(string[] words, bool isWhole)
    {
        if (words is ["COMMAND", ..] || words.Contains("--help", StringComparer.Ordinal))
        {
            return null;
        }

        Command? command = FleetCommands.All.FirstOrDefault(one => words.AsSpan().StartsWith(one.Name.Split(' ')));
        if (command is null)
        {
            string[] longer = [.. FleetCommands.All.Select(one => one.Name).Where(name => name.StartsWith(words[0] + " ", StringComparison.Ordinal))];
            return !isWhole && words.Length == 1 && longer.Length > 0 ? null : longer.Length > 0 ? $"which of {string.Join(", ", longer)}?" : "there is no such command";
        }

        try
        {
            _ = new CommandArguments(command, words.AsSpan(command.Name.Split(' ').Length));
            return null;
        }
        catch (UsageException e)
        {
            return !isWhole && e.Message.EndsWith(" is missing", StringComparison.Ordinal) ? null : e.Message;
        }
    }

    // What a shell makes of a line: quotes hold words together, and a pipe, a redirection or a comment ends the command.
    private static string[] Words(string line) =>
        [.. Word().Matches(line).Select(match => match.Value).TakeWhile(word => word is not ("|" or ">" or "&&" or ";" or "2>") && !word.StartsWith('#')).Select(word => word.Trim('"', '\''))];

    private static IEnumerable<string> Fenced(string text) => Fence().Matches(text.Replace("\\\n", " ", StringComparison.Ordinal)).SelectMany(block => block.Groups["block"].Value.Split('\n'))
        .Select(line => line.Trim()).Where(line => line.Contains("FleetTool ", StringComparison.Ordinal) && Began().IsMatch(line)).Select(line => line[line.IndexOf("FleetTool ", StringComparison.Ordinal)..]);

    private static IEnumerable<string> PageFiles() => new[] { "docs", "src", "samples", "deploy", "benchmarks" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Root, "*.md"))
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && File.ReadAllText(path).Contains("FleetTool ", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "IotOps.slnx")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No IotOps.slnx above {AppContext.BaseDirectory}.");
    }

    // The tool stands first, or behind a pipe.
    [GeneratedRegex("""(?:^|\| )FleetTool """, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Began();

    [GeneratedRegex("""^ *```[a-z]*\n(?<block>.*?)^ *```""", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fence();

    [GeneratedRegex("""(?<!`)`(?<line>FleetTool [^`\n]+)`""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Inline();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Word();
}
