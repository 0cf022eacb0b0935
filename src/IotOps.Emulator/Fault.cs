namespace IotOps.Emulator;

/// <summary>What goes wrong with an operation, how, and how often. Give it to <see cref="FaultInjector.Add"/>.</summary>
/// <remarks>
/// Signatures are checked first: a request that would be refused anyway is refused for its own reason and counts as
/// no hit. <see cref="Delay"/> combines with the others; of the others the first that is set, in the order they stand
/// here, happens.
/// </remarks>
public sealed record Fault
{
    /// <summary>
    /// The API operation, for example <c>PutLogEvents</c>, <c>UploadPart</c>, <c>GetObject</c> or <c>UpdateThingShadow</c>; <c>*</c> is
    /// every one. What a client asks of the MQTT broker is <c>MqttConnect</c>, <c>MqttPublish</c>, <c>MqttSubscribe</c>,
    /// <c>MqttUnsubscribe</c> and <c>MqttPing</c>; a message on its way to a client is <c>MqttDeliver</c>. A
    /// report to Device Defender is <c>DefenderReport</c>; a post to a response_url of the emulated Slack <c>SlackPost</c>.
    /// </summary>
    public required string Operation { get; init; }

    /// <summary>Which of the operation's requests; null is all of them.</summary>
    public Func<FaultRequest, bool>? When { get; init; }

    /// <summary>Hits the nth, 2nth, 3nth... of the requests that <see cref="When"/> lets through; 1 hits all.</summary>
    public int Every { get; init; } = 1;

    /// <summary>How many requests are hit before the fault is spent; null is no end.</summary>
    public int? Times { get; init; }

    /// <summary>
    /// Time the answer is held back, on the emulator's clock. An MQTT connection is not read meanwhile. An MQTT delivery is
    /// overtaken by those behind it.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The connection is cut and the request has no effect.</summary>
    public bool DropBeforeAccepting { get; init; }

    /// <summary>
    /// The HTTP status to answer with; the request has no effect. With 200 the body is the error all the same, which is what S3 may do on
    /// <c>CompleteMultipartUpload</c> and <c>CopyObject</c>, having begun its answer before it failed.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>The error code that goes with <see cref="Status"/>; null takes one that fits it.</summary>
    public string? Code { get; init; }

    /// <summary>The message that goes with <see cref="Status"/>.</summary>
    public string Message { get; init; } = "Injected fault.";

    /// <summary>Sent as a Retry-After header, in whole seconds, with <see cref="Status"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// MQTT only: the reason code to answer with, 0x80 or above; nothing takes effect. MQTT 3.1.1 has codes for a refused
    /// connect and subscribe only: there a publish goes through.
    /// </summary>
    public byte? ReasonCode { get; init; }

    /// <summary>
    /// MQTT only: a publish is acknowledged but reaches nobody; a request to a service is not heard; a delivery does not reach its client, and with QoS 1 stays
    /// unacknowledged until the session is taken up again.
    /// </summary>
    public bool Lose { get; init; }

    /// <summary>
    /// MQTT only: a publish is taken for two; a request to the shadow service is accepted twice; a delivery comes twice, with QoS 1 under another packet id and without DUP, as AWS
    /// IoT Core may do.
    /// </summary>
    public bool Twice { get; init; }

    /// <summary>
    /// MQTT only: the packet or request takes effect, but no answer is sent (no PUBACK, no message to <c>/accepted</c>), and the connection
    /// stays.
    /// </summary>
    public bool NoAnswer { get; init; }

    /// <summary>The request takes effect, then the connection is cut without an answer.</summary>
    public bool DropAfterAccepting { get; init; }

    /// <summary>The request takes effect and the answer announces its full length, but the connection is cut after so many bytes of the body.</summary>
    public long? TruncateBodyAt { get; init; }
}
