namespace IotOps.Emulator.Mqtt.Topics;

/// <summary>
/// Who may do what below $. See https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html:
/// an unsupported operation ends the connection.
/// </summary>
internal static class ReservedTopics
{
    private static readonly string[] Publishable =
    [
        "$aws/things/+/shadow/get", "$aws/things/+/shadow/update", "$aws/things/+/shadow/delete",
        "$aws/things/+/shadow/name/+/get", "$aws/things/+/shadow/name/+/update", "$aws/things/+/shadow/name/+/delete",
        "$aws/things/+/defender/metrics/json", "$aws/things/+/defender/metrics/cbor",
        "$aws/things/+/jobs/get", "$aws/things/+/jobs/start-next", "$aws/things/+/jobs/+/get", "$aws/things/+/jobs/+/update",
        "$aws/things/+/streams/+/describe/+", "$aws/things/+/streams/+/get/+",
        "$aws/certificates/create/+", "$aws/certificates/create-from-csr/+", "$aws/provisioning-templates/+/provision/+",
        "$aws/commands/#", "$aws/device_location/#", "$aws/rules/#", "$aws/sitewise/#",
    ];

    private static readonly string[] Subscribable =
    [
        "$aws/things/", "$aws/events/", "$aws/certificates/", "$aws/provisioning-templates/", "$aws/commands/", "$aws/device_location/", "$aws/sitewise/",
    ];

    public static bool IsReserved(string topic) => topic.StartsWith('$');

    public static bool MayPublish(string topic) => !IsReserved(topic) || Array.Exists(Publishable, p => TopicFilter.Matches(p, topic));

    public static bool MaySubscribe(string filter) => !IsReserved(filter) || Array.Exists(Subscribable, p => filter.StartsWith(p, StringComparison.Ordinal));
}
