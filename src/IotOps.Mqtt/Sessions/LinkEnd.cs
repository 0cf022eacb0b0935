using IotOps.Mqtt.Publishing;

namespace IotOps.Mqtt.Sessions;

/// <summary>How a connection ended.</summary>
/// <param name="Error">Why.</param>
/// <param name="Cause">Who or what ended it.</param>
internal sealed record LinkEnd(MqttException Error, EndCause Cause);
