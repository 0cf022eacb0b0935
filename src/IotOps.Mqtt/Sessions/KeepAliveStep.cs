namespace IotOps.Mqtt.Sessions;

/// <summary>What keeping a link alive takes now.</summary>
/// <param name="Ping">Send a ping.</param>
/// <param name="Wait">Look again after this.</param>
/// <param name="Error">Why the link is dead; null while it is not known to be.</param>
/// <param name="IsUnanswered">The broker is there, and leaves a packet unanswered.</param>
internal readonly record struct KeepAliveStep(bool Ping, TimeSpan Wait, MqttException? Error, bool IsUnanswered = false)
{
    public static KeepAliveStep Dead(string why, bool isUnanswered = false) =>
        new(Ping: false, TimeSpan.Zero, new MqttException($"The connection is dead: {why}.") { Reason = MqttReasonCode.KeepAliveTimeout, IsTransient = true }, isUnanswered);
}
