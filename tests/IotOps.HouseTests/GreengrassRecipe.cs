using System.Text;
using System.Text.Json;

namespace IotOps.HouseTests;

/// <summary>
/// The Greengrass recipe is held to what both nuclei take. The rules of nucleus lite are of its 2.5.0 and
/// https://github.com/aws-greengrass/aws-greengrass-lite/blob/main/docs/RECIPE_SUPPORT_CHANGES.md.
/// </summary>
public sealed class GreengrassRecipe
{
    private const int LongestScript = 10_000;
    private const int LongestVariable = 256;

    private static readonly string[] Variables = ["artifacts:path", "artifacts:decompressedPath", "kernel:rootPath", "iot:thingName", "work:path"];
    private static readonly string[] StepKeys = ["Script", "Setenv", "RequiresPrivilege", "Timeout"];

    private static JsonElement Recipe { get; } = JsonDocument.Parse(Repository.Read("deploy", "greengrass", "recipe.json")).RootElement;

    private static JsonElement[] Manifests { get; } = [.. Recipe.GetProperty(nameof(Manifests)).EnumerateArray()];

    private static JsonProperty[] Steps { get; } = [.. Manifests.SelectMany(static m => m.GetProperty("Lifecycle").EnumerateObject())];

    [Fact]
    public void It_has_a_manifest_for_x64_and_for_arm64() =>
        Manifests.Select(static m => m.GetProperty("Platform").GetProperty("architecture").GetString()).ShouldBe(["amd64", "aarch64"]);

    // Lite skips a manifest without it, and says so in its debug log only.
    [Fact]
    public void Every_manifest_is_for_any_runtime_on_Linux()
    {
        foreach (JsonElement manifest in Manifests)
        {
            manifest.GetProperty("Platform").GetProperty("os").GetString().ShouldBe("linux");
            manifest.GetProperty("Platform").GetProperty("runtime").GetString().ShouldBe("*");
        }
    }

    // Lite knows shutdown and recover by name only, takes keys as they are written, and knows no SkipIf.
    [Fact]
    public void Its_only_step_is_run_with_keys_that_lite_reads()
    {
        Steps.Select(static s => s.Name).ShouldBe(["run", "run"]);
        Steps.SelectMany(static s => s.Value.EnumerateObject()).Select(static k => k.Name).ShouldBeSubsetOf(StepKeys, StringComparer.Ordinal);
    }

    [Fact]
    public void No_script_is_longer_than_lite_runs() =>
        Steps.ShouldAllBe(static s => Encoding.UTF8.GetByteCount(s.Value.GetProperty("Script").GetString()!) <= LongestScript);

    [Fact]
    public void Every_variable_is_one_that_lite_replaces()
    {
        string[] names = [.. Steps.SelectMany(static s => Names(s.Value.GetRawText())).Distinct(StringComparer.Ordinal)];

        names.ShouldContain("configuration:/agent", StringComparer.Ordinal);
        foreach (string name in names)
        {
            Encoding.UTF8.GetByteCount(name).ShouldBeLessThanOrEqualTo(LongestVariable);
            (Variables.Contains(name, StringComparer.Ordinal) || IsOfConfiguration(name)).ShouldBeTrue($"{{{name}}}");
        }
    }

    // A component with the core's own client id would throw the core off its connection.
    [Fact]
    public void Its_client_id_is_not_the_cores() =>
        Recipe.GetProperty("ComponentConfiguration").GetProperty("DefaultConfiguration").GetProperty("agent").GetProperty("mqtt").GetProperty("clientId").GetString()
            .ShouldBe("{thing}-agent");

    private static IEnumerable<string> Names(string step)
    {
        for (int open = step.IndexOf('{', 1); open >= 0; open = step.IndexOf('{', open + 1))
        {
            int close = step.IndexOf('}', open);
            string name = step[(open + 1)..close];
            if (name.Contains(':', StringComparison.Ordinal) && !name.Contains('"', StringComparison.Ordinal))
            {
                yield return name;
            }
        }
    }

    private static bool IsOfConfiguration(string name) =>
        name.StartsWith("configuration:/", StringComparison.Ordinal)
        && Recipe.GetProperty("ComponentConfiguration").GetProperty("DefaultConfiguration").TryGetProperty(name["configuration:/".Length..], out _);
}
