using System.Text.Json;

namespace IotOps.Logs.Sending;

/// <summary>What a log group is given when it is created: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html.</summary>
/// <param name="RetentionDays">Days that it keeps events; null for ever.</param>
/// <param name="Class">Its class.</param>
/// <param name="KmsKeyArn">The key that its events are encrypted with; null takes the service's own.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="IsProtected">Whether it cannot be deleted until somebody says so.</param>
internal sealed record NewGroups(
    int? RetentionDays = null, LogGroupClass Class = LogGroupClass.Standard, string? KmsKeyArn = null, IReadOnlyDictionary<string, string>? Tags = null, bool IsProtected = false)
{
    /// <summary>Writes the members of CreateLogGroup; what is the service's default is left out, so that an older endpoint takes the request.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Class != LogGroupClass.Standard)
        {
            json.WriteString("logGroupClass"u8, Class == LogGroupClass.Essentials ? "ESSENTIALS"u8 : "INFREQUENT_ACCESS"u8);
        }

        if (IsProtected)
        {
            json.WriteBoolean("deletionProtectionEnabled"u8, true);
        }

        if (KmsKeyArn is not null)
        {
            json.WriteString("kmsKeyId"u8, KmsKeyArn);
        }

        if (Tags is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject("tags"u8);
        foreach ((string key, string value) in Tags)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
