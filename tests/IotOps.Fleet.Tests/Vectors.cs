using System.Text.Json;

namespace IotOps.Fleet.Tests;

/// <summary>The vectors beside the tests, one case a line. ../Vectors/README.md says where each expectation comes from.</summary>
internal static class Vectors
{
    /// <summary>The cases of a file, such as <c>cloudtrail/selectors.jsonl</c>.</summary>
    public static IEnumerable<JsonElement> Read(string path) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", path)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    /// <summary>The ids of a file's cases, for a theory.</summary>
    public static TheoryData<string> Ids(string path) => [.. Read(path).Select(Id)];

    /// <summary>One case.</summary>
    public static JsonElement Case(string path, string id) => Read(path).Single(one => Id(one) == id);

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!;
}
