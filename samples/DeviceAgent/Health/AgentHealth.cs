using System.Net;
using System.Text.Json;
using IotOps.Logs;
using IotOps.Mqtt;

namespace IotOps.Samples.DeviceAgent.Health;

/// <summary>
/// Answers <c>GET /health</c> on loopback: 200 while nothing has waited too long, else 503, with a JSON object that says what waits and why. For
/// watchdogs and orchestrators of the device; who may connect to loopback may ask.
/// </summary>
internal sealed class AgentHealth : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, Func<HealthPart>> _parts = new(StringComparer.Ordinal);
    private readonly TimeSpan _after;
    private readonly Task _serving;

    private AgentHealth(HealthConfig config)
    {
        _after = config.After;
        _listener.Prefixes.Add($"http://127.0.0.1:{config.Port}/health/");
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new IOException($"health.port {config.Port} cannot be used: {e.Message}", e);
        }

        _serving = ServeAsync();
    }

    /// <summary>Begins to answer; null when the configuration has no such section.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static AgentHealth? Open(AgentConfig config) => config.Health is { } health ? new AgentHealth(health) : null;

    /// <summary>Adds the connection.</summary>
    public void Watch(AgentMqtt mqtt)
    {
        DateTimeOffset? lastUp = null;
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        Add("mqtt", () =>
        {
            MqttConnectionState state = mqtt.Connection.State;
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            bool isUp = state.Status == MqttConnectionStatus.Connected;
            lastUp = isUp ? now : lastUp;
            return new HealthPart(isUp ? null : now - (lastUp ?? since), lastUp, state.Error?.Message);
        });
    }

    /// <summary>Adds the shipper.</summary>
    public void Watch(LogShipper shipper) => Add("logs", () =>
    {
        LogShipperStatistics counters = shipper.Statistics;
        return new HealthPart(counters.OldestPending, counters.LastAcceptedAt, counters.LastError);
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private void Add(string name, Func<HealthPart> part)
    {
        lock (_parts)
        {
            _parts.Add(name, part);
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                HttpListenerContext request = await _listener.GetContextAsync();
                Answer(request);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The client is gone, or the agent ends.
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }

    private void Answer(HttpListenerContext request)
    {
        using HttpListenerResponse response = request.Response;
        if (request.Request.HttpMethod is not ("GET" or "HEAD"))
        {
            response.StatusCode = 405;
            return;
        }

        (bool isHealthy, byte[] body) = Report();
        response.StatusCode = isHealthy ? 200 : 503;
        response.ContentType = "application/json";
        response.ContentLength64 = body.Length;
        if (request.Request.HttpMethod == "GET")
        {
            response.OutputStream.Write(body);
        }
    }

    private (bool IsHealthy, byte[] Body) Report()
    {
        KeyValuePair<string, HealthPart>[] parts;
        lock (_parts)
        {
            parts = [.. _parts.Select(part => KeyValuePair.Create(part.Key, part.Value()))];
        }

        bool isHealthy = Array.TrueForAll(parts, part => part.Value.Waits is not { } waits || waits < _after);
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, isHealthy ? "healthy"u8 : "unhealthy"u8);
            foreach ((string name, HealthPart part) in parts)
            {
                Write(json, name, part);
            }

            json.WriteEndObject();
        }

        body.WriteByte((byte)'\n');
        return (isHealthy, body.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, HealthPart part)
    {
        json.WriteStartObject(name);
        if (part.Waits is { } waits)
        {
            json.WriteNumber("waitsSeconds"u8, (long)waits.TotalSeconds);
        }

        if (part.LastSuccess is { } success)
        {
            json.WriteString("lastSuccess"u8, success);
        }

        if (part.LastError is { } error)
        {
            json.WriteString("lastError"u8, error);
        }

        json.WriteEndObject();
    }
}
