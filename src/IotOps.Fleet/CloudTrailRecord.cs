using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// One CloudTrail record. Members are decoded when they are asked for; one that is absent, or of another type than documented, is null.
/// See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html.
/// <para>
/// A record that comes out of a <see cref="CloudTrailReader"/> lies in the reader's memory and can be used until the next one is asked for;
/// <see cref="ToOwned"/> makes one that can be kept.
/// </para>
/// </summary>
public sealed class CloudTrailRecord
{
    private readonly RecordFields _fields;
    private readonly TextCache? _cache;
    private ReadOnlyMemory<byte> _json;
    private CloudTrailIdentity? _identity;
    private bool _hasIdentity;
    private bool _isPassed;

    internal CloudTrailRecord(ReadOnlyMemory<byte> json, RecordFields fields, TextCache? cache, bool isRevision = false)
    {
        _json = json;
        _fields = fields;
        _cache = cache;
        IsRevision = isRevision;
    }

    /// <summary>The record as it was read, with all members that this class does not know.</summary>
    /// <exception cref="InvalidOperationException">The reader has gone on; <see cref="ToOwned"/> was needed.</exception>
    public ReadOnlyMemory<byte> Json => !_isPassed
        ? _json
        : throw new InvalidOperationException($"The reader has gone on to the next record; keep records with {nameof(ToOwned)}.");

    /// <summary>Unique in all trails, except that an event may be delivered twice.</summary>
    public string? EventId => Text(RecordField.EventId);

    /// <summary>The version of the record, such as <c>1.11</c>. Minor versions only add members.</summary>
    public string? EventVersion => Text(RecordField.EventVersion);

    /// <summary>When the call was made, to the second, UTC.</summary>
    public DateTimeOffset? EventTime => TrailTime.Read(Raw(RecordField.EventTime));

    /// <summary>The service, such as <c>greengrass.amazonaws.com</c>.</summary>
    public string? EventSource => Text(RecordField.EventSource);

    /// <summary>The API, such as <c>CreateDeployment</c>.</summary>
    public string? EventName => Text(RecordField.EventName);

    /// <summary>What wrote the record: <c>AwsApiCall</c>, <c>AwsServiceEvent</c>, <c>AwsConsoleAction</c>, <c>AwsConsoleSignIn</c>, <c>AwsVpceEvents</c>, <c>AwsCloudTrailInsight</c>.</summary>
    public string? EventType => Text(RecordField.EventType);

    /// <summary><c>Management</c>, <c>Data</c>, <c>NetworkActivity</c>, <c>Insight</c>. Records before version 1.07 do not say; theirs is told by what they say.</summary>
    public string EventCategory => Text(RecordField.EventCategory) ?? RecordCategory.Of(EventType, ManagementEvent);

    /// <summary>What the record tells of.</summary>
    public CloudTrailEventKind Kind => (EventCategory, EventType) switch
    {
        ("Insight", _) => CloudTrailEventKind.Insight,
        ("NetworkActivity", _) => CloudTrailEventKind.NetworkActivity,
        ("Data", _) => CloudTrailEventKind.Data,
        (_, "AwsConsoleSignIn") => CloudTrailEventKind.SignIn,
        (_, "AwsServiceEvent") => CloudTrailEventKind.Service,
        _ => CloudTrailEventKind.Management,
    };

    /// <summary>The region that the call was made to.</summary>
    public string? AwsRegion => Text(RecordField.AwsRegion);

    /// <summary>Where the call came from: an address, or the name of the AWS service that made it.</summary>
    public string? SourceIPAddress => Text(RecordField.SourceIPAddress);

    /// <summary>With what the call was made; at most 1 KB.</summary>
    public string? UserAgent => Text(RecordField.UserAgent);

    /// <summary>Why the call failed, such as <c>ResourceNotFoundException</c>.</summary>
    public string? ErrorCode => Text(RecordField.ErrorCode);

    /// <summary>The error in words.</summary>
    public string? ErrorMessage => Text(RecordField.ErrorMessage);

    /// <summary>Why the call failed, in whatever words the record has; null when it did not.</summary>
    public string? Error => ErrorCode ?? ErrorMessage;

    /// <summary>The service's id of the call.</summary>
    public string? RequestId => Text(RecordField.RequestId);

    /// <summary>Whether the call changed nothing.</summary>
    public bool? ReadOnly => Boolean(RecordField.ReadOnly);

    /// <summary>Whether the call changed something, or tried to.</summary>
    public bool IsWrite => ReadOnly == false;

    /// <summary>Whether the event is a management event.</summary>
    public bool? ManagementEvent => Boolean(RecordField.ManagementEvent);

    /// <summary>The account that the record was delivered to.</summary>
    public string? RecipientAccountId => Text(RecordField.RecipientAccountId);

    /// <summary>The same in the records of both accounts of a call, and in both records of an insight.</summary>
    public string? SharedEventId => Text(RecordField.SharedEventId);

    /// <summary>The VPC endpoint that the call went through.</summary>
    public string? VpcEndpointId => Text(RecordField.VpcEndpointId);

    /// <summary>The owner of that endpoint.</summary>
    public string? VpcEndpointAccountId => Text(RecordField.VpcEndpointAccountId);

    /// <summary>Whether the call came from a session of the console.</summary>
    public bool IsFromConsole => Raw(RecordField.SessionCredentialFromConsole).Span is [(byte)'t', ..] or [_, (byte)'t', (byte)'r', (byte)'u', (byte)'e', _];

    /// <summary>Who made the call.</summary>
    public CloudTrailIdentity? Identity
    {
        get
        {
            if (!_hasIdentity)
            {
                ReadOnlyMemory<byte> identity = Raw(RecordField.UserIdentity);
                _identity = identity.IsEmpty ? null : CloudTrailIdentity.Read(identity);
                _hasIdentity = true;
            }

            return _identity;
        }
    }

    /// <summary>The one name of who made the call: see <see cref="CloudTrailIdentity.Actor"/>.</summary>
    public string? Actor => Identity?.Actor;

    /// <summary>The resources of the call, as far as its service names them.</summary>
    public IReadOnlyList<CloudTrailResource> Resources => RecordParts.Resources(Raw(RecordField.Resources));

    /// <summary>Why the record came late or again.</summary>
    public CloudTrailAddendum? Addendum => RecordParts.Addendum(Raw(RecordField.Addendum));

    /// <summary>The unusual rate that an insight tells of.</summary>
    public CloudTrailInsight? Insight => RecordParts.Insight(Raw(RecordField.InsightDetails));

    /// <summary>How a sign-in ended: <c>Success</c> or <c>Failure</c>. Null for other events.</summary>
    public string? SignIn
    {
        get
        {
            ReadOnlyMemory<byte> response = Kind == CloudTrailEventKind.SignIn ? ResponseElements : default;
            return response.IsEmpty ? null : Members.Text(JsonElement.Parse(response.Span), "ConsoleLogin"u8);
        }
    }

    /// <summary>What was asked for, as JSON; empty when absent. CloudTrail leaves out more than 100 KB, and secrets.</summary>
    public ReadOnlyMemory<byte> RequestParameters => Raw(RecordField.RequestParameters);

    /// <summary>What was answered, as JSON; empty when absent. Only calls that change something have it.</summary>
    public ReadOnlyMemory<byte> ResponseElements => Raw(RecordField.ResponseElements);

    /// <summary>What else the service says, as JSON; empty when absent.</summary>
    public ReadOnlyMemory<byte> AdditionalEventData => Raw(RecordField.AdditionalEventData);

    /// <summary>What a service did by itself, as JSON; empty when absent.</summary>
    public ReadOnlyMemory<byte> ServiceEventDetails => Raw(RecordField.ServiceEventDetails);

    /// <summary>
    /// True when this event came out before and an addendum has completed it since: replace what was kept of it, and do not count it again.
    /// </summary>
    public bool IsRevision { get; }

    /// <summary>Reads one record that stands alone, such as the text that LookupEvents returns.</summary>
    /// <exception cref="FormatException">It is no JSON object, or its major version is not known.</exception>
    public static CloudTrailRecord Parse(ReadOnlySpan<byte> utf8Json) => RecordParts.Parse(utf8Json);

    /// <summary>A copy that can be kept.</summary>
    public CloudTrailRecord ToOwned() => new(Json.ToArray(), _fields.Copy(), cache: null, IsRevision);

    /// <summary>The bytes of a text between its quotes; empty when it is absent or no text.</summary>
    internal ReadOnlySpan<byte> RawText(RecordField field) => Raw(field).Span is [(byte)'"', .. var text, (byte)'"'] ? text : default;

    internal ReadOnlyMemory<byte> Raw(RecordField field) => Json[_fields[field]];

    /// <summary>The reader goes on.</summary>
    internal void Pass()
    {
        _isPassed = true;
        _json = default;
    }

    private string? Text(RecordField field)
    {
        ReadOnlySpan<byte> raw = Raw(field).Span;
        return raw is not [(byte)'"', ..] ? null : _cache is null ? JsonText.Decode(raw) : _cache.Decode(raw);
    }

    private bool? Boolean(RecordField field) => Raw(field).Span is [var first, ..] ? first switch { (byte)'t' => true, (byte)'f' => false, _ => null } : null;
}
