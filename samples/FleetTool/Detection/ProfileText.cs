using System.Text.Json;
using IotOps.Detect;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Detection;

/// <summary>Profiles' files for people and for programs.</summary>
internal static class ProfileText
{
    /// <summary>Prints profiles on the output and problems on the error output.</summary>
    /// <returns>Whether there was no problem.</returns>
    public static bool Print(IReadOnlyList<ProfileFile> files, bool isJson)
    {
        foreach (ProfileFile file in files)
        {
            if (isJson)
            {
                Console.WriteLine(JsonLine.Of(json => Write(json, file)));
            }
            else if (file.Profile is { } profile)
            {
                Console.WriteLine(TerminalText.Printable($"{file.Path}: {profile.Name}, {Count(profile.Behaviors.Count, "behavior")}, attached to {Targets(file, profile)}"));
            }
        }

        return isJson ? files.All(file => file.Problem is null) : PrintProblems(files);
    }

    /// <summary>Prints the problems alone.</summary>
    /// <returns>Whether there was none.</returns>
    public static bool PrintProblems(IReadOnlyList<ProfileFile> files)
    {
        foreach (ProfileFile file in files.Where(file => file.Problem is not null))
        {
            Console.Error.WriteLine(TerminalText.Printable($"{file.Path}: {file.Problem}"));
        }

        return files.All(file => file.Problem is null);
    }

    private static string Targets(ProfileFile file, DetectProfile profile) => profile.Targets.Count switch
    {
        0 => "nothing",
        _ => string.Join(", ", profile.Targets.Select(Text)) + (file.HasTargets ? "" : $" (there is no {Path.GetFileNameWithoutExtension(file.Path)}.targets.json)"),
    };

    private static string Text(DetectTarget target) => target.Kind switch
    {
        DetectTargetKind.RegisteredThings => "every registered thing",
        DetectTargetKind.UnregisteredThings => "every client without a thing",
        DetectTargetKind.AllThings => "every thing and client",
        DetectTargetKind.Group => $"thing group {target.Name}",
        _ => $"thing {target.Name}",
    };

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static void Write(Utf8JsonWriter json, ProfileFile file)
    {
        json.WriteString("file"u8, file.Path);
        json.WriteString("profile"u8, file.Profile?.Name);
        if (file.Profile is { } profile)
        {
            json.WriteNumber("behaviors"u8, profile.Behaviors.Count);
            json.WriteStartArray("targets"u8);
            foreach (DetectTarget target in profile.Targets)
            {
                json.WriteStringValue(Text(target));
            }

            json.WriteEndArray();
        }

        json.WriteString("problem"u8, file.Problem);
    }
}
