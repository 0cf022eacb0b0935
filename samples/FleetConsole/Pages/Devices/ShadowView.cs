using System.Text.Json;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>The three parts of a shadow, with the members that differ.</summary>
/// <param name="Version">Its version; null when it has none.</param>
/// <param name="Parts">Desired, reported, delta: lines, and whether each belongs to a member of the delta.</param>
public sealed record ShadowView(long? Version, IReadOnlyList<(string Title, IReadOnlyList<(string Text, bool IsDifferent)> Lines)> Parts)
{
    /// <summary>Reads a shadow document; null when it has no state.</summary>
    public static ShadowView? Of(DeviceDocument document)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document.Json);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("state", out JsonElement state) || state.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            HashSet<string> different = new(StringComparer.Ordinal);
            if (state.TryGetProperty("delta", out JsonElement delta) && delta.ValueKind == JsonValueKind.Object)
            {
                different.UnionWith(delta.EnumerateObject().Select(member => member.Name));
            }

            return new ShadowView(
                json.RootElement.TryGetProperty("version", out JsonElement version) && version.TryGetInt64(out long number) ? number : null,
                [("Desired", Lines(state, "desired", different)), ("Reported", Lines(state, "reported", different)), ("Delta", Lines(state, "delta", different))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public int Differences => Parts[2].Lines.Count(line => line.IsDifferent);

    private static IReadOnlyList<(string Text, bool IsDifferent)> Lines(JsonElement state, string name, HashSet<string> different)
    {
        if (!state.TryGetProperty(name, out JsonElement part) || part.ValueKind != JsonValueKind.Object)
        {
            return [("nothing", false)];
        }

        return [.. part.EnumerateObject().Select(member => ($"{member.Name}: {JsonText.Write(member.Value)}", different.Contains(member.Name)))];
    }
}
