using System.Net.Sockets;
using IotOps.Samples.CommandLine;
using IotOps.Shadow;

namespace IotOps.Samples.DeviceAgent.Outbox;

/// <summary>Hands a message to the running agent.</summary>
internal static class PublishCommand
{
    public static Command Command { get; } = new()
    {
        Name = "publish",
        Summary = "Publish a message by the running agent; done when it is safe on this device's disk, from where it is sent until the broker has it.",
        Options =
        [
            new("TOPIC", null, "Where to, such as devices/THING00001/alarms.") { Required = true },
            new("PAYLOAD", null, "The message, text.") { Required = true },
            new("--config", "FILE", "The running agent's configuration, with services.cloud.outbox.") { Required = true },
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        AgentConfig config = AgentConfigFile.Read(arguments["--config"]!);
        using var signals = new ShutdownSignals();
        try
        {
            ShadowValue answer = await LineSocket.AskAsync(
                Path.Combine(config.StateDirectory, AgentOutbox.SocketName), AgentOutbox.Request(arguments["TOPIC"]!, arguments["PAYLOAD"]!), signals.Requested);
            if (answer["error"] is { } error)
            {
                await Console.Error.WriteLineAsync($"DeviceAgent: {error.GetString()}");
                return 1;
            }

            return 0;
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(
                $"DeviceAgent: no agent with services.cloud.outbox runs on the state directory {config.StateDirectory}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("DeviceAgent: stopped before the agent answered");
            return 1;
        }
    }
}
