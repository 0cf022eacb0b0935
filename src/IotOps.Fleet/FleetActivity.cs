namespace IotOps.Fleet;

/// <summary>Who did something, when, from where, and with which credentials.</summary>
public abstract record FleetActivity
{
    private protected FleetActivity(CloudTrailRecord record)
    {
        EventId = record.EventId;
        Time = record.EventTime;
        EventName = record.EventName;
        Region = record.AwsRegion;
        Actor = record.Actor;
        Identity = record.Identity;
        SourceIPAddress = record.SourceIPAddress;
        UserAgent = record.UserAgent;
        IsWrite = record.IsWrite;
        IsFromConsole = record.IsFromConsole;
        IsDataEvent = record.Kind == CloudTrailEventKind.Data;
        Error = record.Error;
        Resources = record.Resources;
    }

    /// <summary>The record's id.</summary>
    public string? EventId { get; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>The API.</summary>
    public string? EventName { get; }

    /// <summary>The region that the call was made to.</summary>
    public string? Region { get; }

    /// <summary>Who, in one name: see <see cref="CloudTrailIdentity.Actor"/>.</summary>
    public string? Actor { get; }

    /// <summary>Who, in all that is known.</summary>
    public CloudTrailIdentity? Identity { get; }

    /// <summary>With which kind of credentials: the account's root, an IAM user, a role, a federated user, another service.</summary>
    public CloudTrailCredentials Credentials => Identity?.Credentials ?? CloudTrailCredentials.Unknown;

    /// <summary>From where: an address, or the name of an AWS service.</summary>
    public string? SourceIPAddress { get; }

    /// <summary>With what.</summary>
    public string? UserAgent { get; }

    /// <summary>Whether it changed something, or tried to.</summary>
    public bool IsWrite { get; }

    /// <summary>Whether it was done in the console.</summary>
    public bool IsFromConsole { get; }

    /// <summary>Whether it was logged as a data event.</summary>
    public bool IsDataEvent { get; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; }

    /// <summary>The resources that the record names.</summary>
    public IReadOnlyList<CloudTrailResource> Resources { get; }
}
