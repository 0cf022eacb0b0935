namespace IotOps.Emulator.Sqs;

/// <summary>Names of queue attributes that may be asked for although a queue has none of them.</summary>
internal static class QueueAttributes
{
    private static readonly string[] Optional =
    [
        "Policy", "RedrivePolicy", "RedriveAllowPolicy", "SqsManagedSseEnabled", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
        "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit",
    ];

    public static bool IsKnown(string name) => Optional.Contains(name, StringComparer.Ordinal);
}
