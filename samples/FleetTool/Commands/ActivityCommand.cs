using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Who did what to the fleet.</summary>
internal static class ActivityCommand
{
    public static Command Command { get; } = new()
    {
        Name = "activity",
        Summary = "Who did what to which component, deployment, core device, certificate, policy, thing or job, from where and with which credentials.",
        Options = [.. RecordSource.Options, new("--json", null, "Print JSON: an activity a line.")],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        bool isJson = arguments.Has("--json");
        using var source = new RecordSource(arguments, TimeProvider.System);
        using var signals = new ShutdownSignals();
        using var reader = new CloudTrailReader();
        await using Stream output = Console.OpenStandardOutput();
        return await TrailRun.ReadAsync(
            source,
            reader,
            record =>
            {
                if (((FleetActivity?)GreengrassActivity.Of(record) ?? IotActivity.Of(record)) is { } activity)
                {
                    Print(output, activity, isJson);
                }

                return ValueTask.CompletedTask;
            },
            signals.Requested);
    }

    private static void Print(Stream output, FleetActivity activity, bool isJson)
    {
        if (!isJson)
        {
            output.Write(System.Text.Encoding.UTF8.GetBytes(ActivityText.Line(activity)));
            return;
        }

        using (var json = new Utf8JsonWriter(output))
        {
            ActivityText.Write(json, activity);
        }

        output.WriteByte((byte)'\n');
    }
}
