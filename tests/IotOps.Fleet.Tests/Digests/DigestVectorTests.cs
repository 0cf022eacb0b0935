using System.Text.Json;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Digests;

public sealed class DigestVectorTests
{
    private const string File = "cloudtrail/digests.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Each_vector_has_its_findings(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        var bucket = new MemoryObjects();
        foreach (JsonProperty member in one.GetProperty("objects").EnumerateObject())
        {
            bucket.Put(
                member.Name,
                member.Value.GetProperty("b64").GetBytesFromBase64(),
                member.Value.GetProperty("metadata").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal));
        }

        JsonElement key = one.GetProperty("publicKey");
        var validator = new DigestValidator(new DigestValidatorOptions
        {
            Objects = bucket,
            Bucket = one.GetProperty("bucket").GetString()!,
            PublicKeys = new TrailPublicKeyList([new TrailPublicKey(key.GetProperty("Fingerprint").GetString()!, key.GetProperty("Value").GetBytesFromBase64())]),
        });

        DigestReport report = await validator.ValidateAsync(
            one.GetProperty("start").GetDateTimeOffset(), one.GetProperty("end").GetDateTimeOffset(), cancellationToken: TestContext.Current.CancellationToken);

        report.Problems.Select(problem => (problem.Key, problem.Word)).ShouldBe(
            one.GetProperty("expect").EnumerateArray().Select(expected => (expected.GetProperty("object").GetString()!, expected.GetProperty("reason").GetString()!)),
            ignoreOrder: true);
        bucket.Open.ShouldBe(0);
    }
}
