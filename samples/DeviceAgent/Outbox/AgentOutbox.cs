using System.Text;
using System.Text.Json;
using IotOps.Mqtt;
using IotOps.Shadow;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Outbox;

/// <summary>The running agent's kept messages, and the socket by which <c>DeviceAgent publish</c> hands them over.</summary>
internal sealed class AgentOutbox : IAsyncDisposable
{
    /// <summary>The socket's name in the state directory.</summary>
    public const string SocketName = "outbox.sock";

    private readonly DurablePublisher _publisher;
    private readonly LineSocket _socket;

    private AgentOutbox(DurablePublisher publisher, string stateDirectory)
    {
        _publisher = publisher;
        _socket = LineSocket.Open(Path.Combine(stateDirectory, SocketName), AnswerAsync);
    }

    /// <summary>Begins to send what an agent before this one left; null when the configuration has no outbox.</summary>
    public static async Task<AgentOutbox?> StartAsync(AgentConfig config, IMqttConnection? connection, ILoggerFactory loggers)
    {
        if (config.Outbox is not { } outbox || connection is null)
        {
            return null;
        }

        var publisher = new DurablePublisher(connection, new DurablePublisherOptions
        {
            Directory = Path.Combine(config.StateDirectory, "outbox"),
            LimitBytes = outbox.LimitBytes,
            Overflow = outbox.Overflow,
            LoggerFactory = loggers,
        });
        try
        {
            return new AgentOutbox(publisher, config.StateDirectory);
        }
        catch
        {
            await publisher.DisposeAsync();
            throw;
        }
    }

    /// <summary>A request: <c>{"topic":"devices/T1/alarms","payload":"text"}</c>, answered by <c>{"value":true}</c> or <c>{"error":"..."}</c>.</summary>
    public static ShadowValue Request(string topic, string payload) => ShadowValue.FromMembers([new("topic", topic), new("payload", payload)]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private async Task<ShadowValue> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        try
        {
            ShadowValue request = ShadowValue.Parse(line.Span);
            string topic = request["topic"]?.GetString() ?? "";
            await _publisher.PublishAsync(topic, Encoding.UTF8.GetBytes(request["payload"]?.GetString() ?? ""), options: null, cancellationToken);
            return ShadowValue.FromMembers([new("value", true)]);
        }
        catch (Exception e) when (e is ArgumentException or MqttException or IOException or InvalidOperationException or FormatException or JsonException)
        {
            return ShadowValue.FromMembers([new("error", e.Message)]);
        }
    }
}
