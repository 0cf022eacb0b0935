using System.Text;
using System.Text.Json.Nodes;
using IotOps.InteropTests.Slack;

namespace IotOps.InteropTests.Emulator.Conformance;

/// <summary>The table of operations in the emulator's README: what the walk found answered, and the members of each request that are honoured.</summary>
internal sealed class OperationTable
{
    private const string Begin = "<!-- Written by the conformance walk of botocore ";
    private const string End = "<!-- The conformance walk ends here. -->";

    private static readonly string ReadmePath = Path.Combine(SourceTree.Root, "src", "IotOps.Emulator", "README.md");

    private readonly string _readme;
    private readonly int _start;
    private readonly int _stop;

    private OperationTable(string readme)
    {
        _readme = readme;
        _start = readme.IndexOf(Begin, StringComparison.Ordinal);
        _stop = readme.IndexOf(End, StringComparison.Ordinal);
        (_start >= 0 && _stop > _start).ShouldBeTrue($"src/IotOps.Emulator/README.md needs the lines '{Begin}...' and '{End}' around its table.");
    }

    /// <summary>The model that the table was written from.</summary>
    public Version Version => Version.Parse(_readme[(_start + Begin.Length)..].Split(':')[0]);

    public string Text => _readme[_start.._stop];

    public static async Task<OperationTable> ReadAsync() => new(await File.ReadAllTextAsync(ReadmePath));

    public Task WriteAsync(string table) => File.WriteAllTextAsync(ReadmePath, _readme[.._start] + table + _readme[_stop..]);

    public static string Of(JsonNode walk)
    {
        var table = new StringBuilder();
        table.Append(Begin).Append((string?)walk["version"]).Append(": UPDATE_OPERATIONS=1 and the tests of Emulator/Conformance in IotOps.InteropTests. -->\n");
        table.Append("| service | operation | members of a request that are honoured |\n|---|---|---|\n");
        foreach (JsonNode? operation in walk["operations"]!.AsArray())
        {
            string members = string.Join(", ", operation!["honoured"]!.AsArray().Select(m => (string?)m));
            table.Append("| ").Append((string?)operation["service"]).Append(" | ").Append((string?)operation["operation"]).Append(" | ").Append(members).Append(members.Length > 0 ? " |\n" : "|\n");
        }

        return table.ToString();
    }
}
