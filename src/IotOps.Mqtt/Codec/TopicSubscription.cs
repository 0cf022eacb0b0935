namespace IotOps.Mqtt.Codec;

/// <summary>One filter of a SUBSCRIBE.</summary>
internal readonly record struct TopicSubscription(string Filter, MqttQualityOfService QualityOfService, bool NoLocal);
