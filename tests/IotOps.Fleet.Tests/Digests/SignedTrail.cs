using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Fleet.Tests.Trail;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Digests;

/// <summary>A bucket as CloudTrail fills it: a log file and a signed digest each hour.</summary>
internal sealed class SignedTrail : ITrailPublicKeys
{
    public const string Bucket = "example-trail-bucket";

    public static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture);

    // Making a key takes longer than all that is done with it.
    private static readonly RSA CloudTrail = RSA.Create(2_048);

    private readonly RSA _rsa;
    private readonly string _root;
    private readonly string _name;
    private readonly Dictionary<bool, (string Key, string Signature, string Hash)?> _previous = new() { [false] = null, [true] = null };

    public SignedTrail(MemoryObjects? bucket = null, string root = "AWSLogs/123456789012", string name = "ops", RSA? key = null)
    {
        _rsa = key ?? CloudTrail;
        Objects = bucket ?? new MemoryObjects();
        _root = root;
        _name = name;
    }

    public MemoryObjects Objects { get; }

    /// <summary>Whether keys are handed out as SubjectPublicKeyInfo.</summary>
    public bool AsSubjectPublicKeyInfo { get; set; }

    /// <summary>The ranges that keys were asked for.</summary>
    public List<(DateTimeOffset Since, DateTimeOffset Until)> Asked { get; } = [];

    public string Fingerprint => Sha256(_rsa.ExportRSAPublicKey())[..32];

    public Task<IReadOnlyList<TrailPublicKey>> ListAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        Asked.Add((since, until));
        return Task.FromResult<IReadOnlyList<TrailPublicKey>>([new TrailPublicKey(Fingerprint, AsSubjectPublicKeyInfo ? _rsa.ExportSubjectPublicKeyInfo() : _rsa.ExportRSAPublicKey())]);
    }

    /// <summary>Hours of log files and digests, from the day's beginning.</summary>
    public SignedTrail WithHours(int count, int first = 0)
    {
        for (int hour = first; hour < first + count; hour++)
        {
            AddDigest(hour, [AddLog(hour)]);
        }

        return this;
    }

    public string LogKey(int hour, int minute = 5) => LogKey(Day.AddHours(hour).AddMinutes(minute), (char)('A' + hour));

    public string LogKey(DateTimeOffset time, char letter) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_root}/CloudTrail/eu-west-1/{time:yyyy'/'MM'/'dd}/123456789012_CloudTrail_eu-west-1_{time:yyyyMMdd'T'HHmm'Z'}_{_name}{new string(letter, 13)}.json.gz");

    /// <summary>The digest of an hour; its end is in its name.</summary>
    public string DigestKey(int hour, bool isBackfill = false, int second = 0) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_root}/CloudTrail-Digest/eu-west-1/{End(hour, second):yyyy'/'MM'/'dd}/123456789012_CloudTrail-Digest_eu-west-1_{_name}_eu-west-1_{End(hour, second):yyyyMMdd'T'HHmmss'Z'}{(isBackfill ? "_backfill" : "")}.json.gz");

    public string AddLog(int hour, int minute = 5, DateTimeOffset? stored = null)
    {
        string key = LogKey(hour, minute);
        Objects.Put(key, Records.Gzip(Records.File($$"""{"eventID":"{{_name}}-{{hour}}-{{minute}}"}""")), time: stored);
        return key;
    }

    public void AddDigest(int hour, string[] logs, bool isBackfill = false, bool isFirst = false, int second = 0)
    {
        string key = DigestKey(hour, isBackfill, second);
        (string Key, string Signature, string Hash)? previous = isFirst ? null : _previous[isBackfill];
        string end = Text(End(hour, second));
        string json = JsonSerializer.Serialize(
            new DigestJson(
                Text(End(hour - 1, second)),
                end,
                Bucket,
                key,
                Fingerprint,
                previous is null ? null : Bucket,
                previous?.Key,
                previous?.Hash,
                previous?.Signature,
                [.. logs.Select(log => new LogJson(Bucket, log, Sha256(Records.Gunzip(Objects[log])), "SHA-256"))]),
            DigestJsonContext.Default.DigestJson);
        byte[] plain = Encoding.UTF8.GetBytes(json);
        string hash = Sha256(plain);
        byte[] signature = _rsa.SignData(Encoding.UTF8.GetBytes($"{end}\n{Bucket}/{key}\n{hash}\n{previous?.Signature ?? "null"}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["signature"] = Convert.ToHexStringLower(signature), ["signature-algorithm"] = "SHA256withRSA" };
        if (isBackfill)
        {
            metadata["backfill-generation-timestamp"] = "2026-01-20T12:00:00Z";
        }

        Objects.Put(key, Records.Gzip(plain), metadata);
        _previous[isBackfill] = (key, metadata["signature"], hash);
    }

    /// <summary>Validates hours of the day, at the day's end unless said.</summary>
    public Task<DigestReport> ValidateAsync(double until, double since = 0, DateTimeOffset? now = null, ITrailPublicKeys? keys = null, string prefix = "") =>
        new DigestValidator(new DigestValidatorOptions
        {
            Objects = Objects,
            Bucket = Bucket,
            Prefix = prefix,
            PublicKeys = keys ?? this,
            TimeProvider = new ManualTimeProvider(now ?? Day.AddDays(30)),
        }).ValidateAsync(Day.AddHours(since), Day.AddHours(until), cancellationToken: TestContext.Current.CancellationToken);

    private static DateTimeOffset End(int hour, int second) => Day.AddHours(hour + 1).AddSeconds(second);

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
