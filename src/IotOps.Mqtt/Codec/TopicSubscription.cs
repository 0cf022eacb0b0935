namespace IotOps.Mqtt.Codec;

/// <summary>One filter of a SUBSCRIBE.</summary>
internal sealed record TopicSubscription(string Filter, MqttQualityOfService QualityOfService, bool NoLocal);
