namespace IotOps.Mqtt;

/// <summary>A connection at one moment.</summary>
/// <param name="Status">The stage.</param>
/// <param name="Connections">
/// How many times the broker has accepted since the start. When it differs from the number seen before, the connection was lost in between,
/// however short that was: whoever mirrors state of the cloud must ask for it again.
/// </param>
/// <param name="SessionPresent">Whether the broker still had the session at the last CONNACK, so that nothing it accepted for us was lost.</param>
/// <param name="Error">Why the connection ended or the last attempt failed; null when it never did.</param>
public sealed record MqttConnectionState(MqttConnectionStatus Status, long Connections, bool SessionPresent, MqttException? Error)
{
    /// <summary>Before the first attempt.</summary>
    public static MqttConnectionState Initial { get; } = new(MqttConnectionStatus.Disconnected, 0, SessionPresent: false, Error: null);

    /// <summary>What to throw when a wait is cancelled that needed the connection: it says why there was none, with <see cref="Error"/> as its cause.</summary>
    /// <param name="what">What was waited for: <c>The publication to 'a/b'</c>.</param>
    /// <param name="cancellationToken">The token that ended the wait.</param>
    public OperationCanceledException Cancelled(string what, CancellationToken cancellationToken) => this switch
    {
        { Status: MqttConnectionStatus.Connected } => new(cancellationToken),
        { Error: { } error } => new($"{what} was given up while the connection was down: {error.Message}", error, cancellationToken),
        { Status: MqttConnectionStatus.Disconnected, Connections: 0 } => new($"{what} was given up: there is no connection, because nobody has called ConnectAsync.", cancellationToken),
        _ => new($"{what} was given up while the connection was being made.", cancellationToken),
    };
}
