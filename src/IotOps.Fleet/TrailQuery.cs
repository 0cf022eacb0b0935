using IotOps.Fleet.Search;

namespace IotOps.Fleet;

/// <summary>
/// Which records are looked for; a member that is null asks for nothing. Texts match whole and in any case, with <c>*</c> and <c>?</c> as
/// wildcards: <c>*admin*</c> is any text with admin in it.
/// </summary>
public sealed record TrailQuery
{
    /// <summary>The first second.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The second after the last.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The caller: an ARN, user, role, session, access key, principal id, account, or the AWS service that made the call.</summary>
    public string? Who { get; init; }

    /// <summary>
    /// The API, or several with a comma between them: <c>UpdateCertificate</c>, <c>iot:Update*</c>, <c>greengrass:*</c>. The service is the first
    /// part of its event source.
    /// </summary>
    public string? What { get; init; }

    /// <summary>
    /// On what: an ARN or the name of a resource. Any text in the record's resources, request or answer may be it.
    /// </summary>
    public string? On { get; init; }

    /// <summary>Whether only calls count that changed something or tried to.</summary>
    public bool WritesOnly { get; init; }

    /// <summary>Whether only calls count that failed.</summary>
    public bool ErrorsOnly { get; init; }

    /// <summary>Whether a record is looked for.</summary>
    public bool Matches(CloudTrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);

        // From the cheapest to the dearest.
        return (!WritesOnly || record.IsWrite)
            && (!ErrorsOnly || record.Error is not null)
            && ((Since is null && Until is null) || (record.EventTime is { } time && !(time < Since) && !(time >= Until)))
            && (What is null || QueryText.IsApi(What, record))
            && (Who is null || QueryText.IsCaller(Who, record))
            && (On is null || QueryText.IsIn(On, record.Resources) || QueryText.IsIn(On, record.RequestParameters) || QueryText.IsIn(On, record.ResponseElements));
    }
}
