using System.Text.Json.Nodes;

namespace IotOps.InteropTests.Emulator.Conformance;

/// <summary>
/// The emulator beside the service models of botocore: for every operation the smallest valid request, each optional member, each required one missing, each bound, pattern, enum
/// and type violated; whatever is not answered is refused by its name. What differs on purpose stands in deviations.json, with its reason.
/// </summary>
public sealed class ConformanceTests(ConformanceWalk walk) : IClassFixture<ConformanceWalk>
{
    private const int FewestCases = 1_200;

    [Fact]
    public async Task Each_operation_does_what_the_model_of_its_service_says()
    {
        JsonNode seen = await walk.RunAsync();
        HashSet<string> known = [.. (await DeviationsAsync()).Select(Place)];

        string[] failures = [.. seen["failures"]!.AsArray().Where(f => !known.Contains(Place(f))).Select(f => $"{Place(f)}: {(string?)f!["got"]}")];

        failures.ShouldBeEmpty("fix the emulator, or say in deviations.json why it differs");
        seen["operations"]!.AsArray().Sum(o => (int)o!["cases"]!).ShouldBeGreaterThan(FewestCases);
    }

    [Fact]
    public async Task Each_deviation_is_still_one_and_has_a_reason()
    {
        JsonNode seen = await walk.RunAsync();
        HashSet<string> failures = [.. seen["failures"]!.AsArray().Select(Place)];
        JsonNode[] deviations = await DeviationsAsync();

        deviations.Where(d => !failures.Contains(Place(d))).Select(Place).ShouldBeEmpty("this is right now, take it out of deviations.json");
        deviations.ShouldAllBe(d => ((string?)d["reason"] ?? "").Length > 20);
    }

    [Fact]
    public async Task The_table_in_the_README_is_what_the_walk_found()
    {
        JsonNode seen = await walk.RunAsync();
        OperationTable table = await OperationTable.ReadAsync();
        string found = OperationTable.Of(seen);
        if (Environment.GetEnvironmentVariable("UPDATE_OPERATIONS") == "1")
        {
            await table.WriteAsync(found);
            return;
        }

        // An older model has fewer operations and members.
        Assert.SkipWhen(Version.Parse((string)seen["version"]!) < table.Version, $"botocore {(string?)seen["version"]} is older than that of the table, {table.Version}.");
        Rows(table.Text).Except(Rows(found), StringComparer.Ordinal).ShouldBeEmpty("the table has this, the walk does not; UPDATE_OPERATIONS=1 writes it");
        Rows(found).Except(Rows(table.Text), StringComparer.Ordinal).ShouldBeEmpty("the walk found this, the table does not have it; UPDATE_OPERATIONS=1 writes it");
    }

    // All but the line that names the version.
    private static IEnumerable<string> Rows(string table) => table.Split('\n').Skip(1);

    private static async Task<JsonNode[]> DeviationsAsync()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Emulator", "Conformance", "deviations.json");
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsArray().Select(d => d!)];
    }

    private static string Place(JsonNode? found) => $"{(string?)found!["service"]} {(string?)found["operation"]} | {(string?)found["case"]}";
}
