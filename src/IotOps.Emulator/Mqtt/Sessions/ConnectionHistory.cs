using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>How the latest connections ended, for as long as AWS IoT Core tells of them. Guarded by the broker's lock.</summary>
internal sealed class ConnectionHistory(TimeProvider timeProvider)
{
    public const string ByClient = "CLIENT_INITIATED_DISCONNECT";
    public const string ByServer = "SERVER_INITIATED_DISCONNECT";
    public const string ByApi = "API_INITIATED_DISCONNECT";
    public const string ByAuthentication = "AUTH_ERROR";
    public const string BySuccessor = "DUPLICATE_CLIENTID";

    private const int MaxClients = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, ConnectionState> _ended = new(StringComparer.Ordinal);
    private readonly Queue<ConnectionState> _order = new();

    /// <summary>The reason for an end that nobody asked for.</summary>
    public static string ReasonOf(ReasonCode? closedFor) => closedFor switch
    {
        null => "CONNECTION_LOST",
        ReasonCode.KeepAliveTimeout => "MQTT_KEEP_ALIVE_TIMEOUT",
        _ => "CLIENT_ERROR",
    };

    public void Add(ConnectionState ended)
    {
        _ended[ended.ClientId] = ended;
        _order.Enqueue(ended);
        while (_order.TryPeek(out ConnectionState? oldest) && (_order.Count > MaxClients || IsOld(oldest)))
        {
            _order.Dequeue();
            if (_ended.GetValueOrDefault(oldest.ClientId) == oldest)
            {
                _ended.Remove(oldest.ClientId);
            }
        }
    }

    /// <summary>How a client's latest connection ended; null when that is long ago.</summary>
    public ConnectionState? Find(string clientId) => _ended.TryGetValue(clientId, out ConnectionState? ended) && !IsOld(ended) ? ended : null;

    private bool IsOld(ConnectionState ended) => timeProvider.GetUtcNow() - ended.Since > KeptFor;
}
