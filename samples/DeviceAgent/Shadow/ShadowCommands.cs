using System.Net.Sockets;
using IotOps.Samples.CommandLine;
using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent.Shadow;

/// <summary>Reads and edits the running agent's shadows.</summary>
internal static class ShadowCommands
{
    private static readonly CommandOption Config = new("--config", "FILE", "The running agent's configuration.") { Required = true };
    private static readonly CommandOption Name = new("--name", "NAME", "Which shadow; without it the classic one.");

    public static Command Get { get; } = new()
    {
        Name = "shadow get",
        Summary = "Print a shadow of the running agent, or one value of it, as JSON.",
        Options =
        [
            new("PATH", null, "A value, such as wifi/rssi; without it the whole document with its version."),
            Config,
            Name,
            new("--section", "SECTION", "Where the path begins: reported (the default) or desired."),
        ],
        RunAsync = arguments => AskAsync(arguments, arguments["PATH"] is null ? null : Section(arguments), value: null),
    };

    public static Command Set { get; } = new()
    {
        Name = "shadow set",
        Summary = "Set one value of a shadow of the running agent; done when it is safe on this device's disk.",
        Options =
        [
            new("PATH", null, "Where, such as wifi/rssi.") { Required = true },
            new("VALUE", null, "JSON, such as -61, true or '{\"on\":true}'; anything else is text; null removes.") { Required = true },
            Config,
            Name,
            new("--section", "SECTION", "reported (the default) or desired."),
        ],
        RunAsync = arguments => AskAsync(arguments, Section(arguments), Value(arguments["VALUE"]!)),
    };

    private static string Section(CommandArguments arguments) => arguments["--section"] switch
    {
        null or "reported" => "reported",
        "desired" => "desired",
        { } other => throw new UsageException($"--section must be reported or desired, not '{other}'"),
    };

    private static ShadowValue Value(string text)
    {
        try
        {
            return ShadowValue.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return text;
        }
    }

    private static async Task<int> AskAsync(CommandArguments arguments, string? section, ShadowValue? value)
    {
        AgentConfig config = AgentConfigFile.Read(arguments["--config"]!);
        using var signals = new ShutdownSignals();
        ShadowValue request = ShadowRequests.Of(arguments["--name"] ?? "", section, arguments["PATH"] ?? "", value);
        try
        {
            ShadowValue answer = await LineSocket.AskAsync(Path.Combine(config.StateDirectory, ShadowSocket.FileName), request, signals.Requested);
            if (answer["error"] is { } error)
            {
                await Console.Error.WriteLineAsync($"DeviceAgent: {error.GetString()}");
                return 1;
            }

            Console.WriteLine(answer["value"]);
            return 0;
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(
                $"DeviceAgent: no agent with services.cloud.shadow runs on the state directory {config.StateDirectory}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("DeviceAgent: stopped before the agent answered");
            return 1;
        }
    }
}
