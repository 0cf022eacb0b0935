using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Detection;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Checks security profiles before a worker has them.</summary>
internal static class DetectCheckCommand
{
    public static Command Command { get; } = new()
    {
        Name = "detect check",
        Summary = "Check security profiles as files: NAME.json as aws iot describe-security-profile prints it, beside it NAME.targets.json as list-targets-for-security-profile does.",
        Options =
        [
            new("PROFILES", null, "Files and folders, comma between them; those of the configuration unless given."),
            DetectSettings.ConfigOption,
            DetectSettings.SourcesOption,
            new("--json", null, "Print one JSON object a file."),
        ],
        RunAsync = arguments =>
        {
            DetectSettings settings = DetectSettings.Read(arguments);
            return Task.FromResult(ProfileText.Print(ProfileFiles.Read(settings.Profiles, settings.Sources), arguments.Has("--json")) ? 0 : 1);
        },
    };
}
