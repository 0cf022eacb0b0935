namespace IotOps.Defender;

/// <summary>How a report's bytes are encoded; the metrics topic ends with it. AWS IoT Device Defender takes both.</summary>
public enum DefenderFormat
{
    /// <summary>JSON, topic <c>$aws/things/THING/defender/metrics/json</c>.</summary>
    Json,

    /// <summary>CBOR (RFC 8949), about two thirds of the bytes, topic <c>$aws/things/THING/defender/metrics/cbor</c>.</summary>
    Cbor,
}
