using System.Text.Json;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.EmulatorHost;

/// <summary>The fleet index of the emulator: its things from a file, its queries read by IotOps.Fleet.</summary>
internal static class FleetFile
{
    public static Func<JsonElement, bool> ReadQuery(string text)
    {
        FleetQuery query = FleetQuery.Parse(text);
        return thing => query.Matches(FleetThing.Read(thing));
    }

    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static void Load(AwsEmulator emulator, string path)
    {
        try
        {
            foreach (FleetThing thing in FleetThing.ReadAll(File.ReadAllText(path)))
            {
                emulator.Fleet.SetThing(thing.Json.GetRawText());
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"--fleet {path}: {e.Message}");
        }
    }
}
