namespace IotOps.Detect.Evaluating;

/// <summary>Names of the metrics that the cloud measures, and where each comes from.</summary>
internal static class CloudMetrics
{
    private static readonly string[] Names =
    [
        "", "aws:message-byte-size", "aws:num-messages-sent", "aws:num-messages-received", "aws:num-authorization-failures",
        "aws:num-connection-attempts", "aws:num-disconnects", "aws:disconnect-duration", "aws:source-ip-address",
    ];

    /// <summary><see cref="CloudMetric.None"/> for what the device reports.</summary>
    public static CloudMetric Of(string metric) => (CloudMetric)Math.Max(0, Array.IndexOf(Names, metric));

    /// <summary>Whether it is counted over a time.</summary>
    public static bool IsCounted(CloudMetric metric) =>
        metric is CloudMetric.MessagesSent or CloudMetric.MessagesReceived or CloudMetric.AuthorizationFailures or CloudMetric.ConnectionAttempts or CloudMetric.Disconnects;

    /// <summary>Null when the sources give the metric; otherwise what is missing.</summary>
    public static string? Missing(CloudMetric metric, DetectSources sources) => metric switch
    {
        CloudMetric.None => Needs(sources, DetectSources.Reports, "reports of devices (DetectRules.ReportSql)"),
        CloudMetric.MessageBytes or CloudMetric.MessagesSent =>
            Needs(sources, DetectSources.Messages, "the second rule (DetectRules.MessagesSql), which costs a queue message for each message of the fleet"),
        CloudMetric.MessagesReceived =>
            Needs(sources, DetectSources.ReceivedMessages, "the second rule (DetectRules.ReceivedMessagesSql), which costs a queue message for each message to the fleet"),
        CloudMetric.AuthorizationFailures or CloudMetric.SourceAddresses =>
            Needs(sources, DetectSources.Lifecycle | DetectSources.Logs, "lifecycle events (DetectRules.LifecycleSql) or entries of the AWS IoT logs"),
        _ => Needs(sources, DetectSources.Lifecycle, "lifecycle events (DetectRules.LifecycleSql)"),
    };

    private static string? Needs(DetectSources sources, DetectSources any, string what) =>
        (sources & any) != DetectSources.None ? null : $"it needs {what}, and {nameof(DetectEngineOptions.Sources)} does not declare that.";
}
