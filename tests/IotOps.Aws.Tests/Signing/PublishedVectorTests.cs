using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using IotOps.Aws.Signing;
using IotOps.Aws.Tests.Vectors;

namespace IotOps.Aws.Tests.Signing;

public sealed class PublishedVectorTests
{
    private static readonly SigV4VectorFile File = SigV4VectorFile.Load();

    public static TheoryData<string> Names => [.. File.Vectors.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_signature_is_the_published_one(string name)
    {
        SigV4Vector vector = Vector(name);
        using var signer = new SigV4Signer(File.Region, vector.Service);

        SigV4Signature signature = signer.Sign(Request(vector), Credentials(vector), File.Time);

        signature.Authorization.ShouldBe(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{vector.Service}/aws4_request, " +
            $"SignedHeaders={vector.SignedHeaders}, Signature={vector.Signature}");
        signature.Date.ShouldBe("20150830T123600Z");
        signature.SecurityToken.ShouldBe(vector.Token);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_canonical_request_is_the_published_one(string name)
    {
        SigV4Vector vector = Vector(name);
        using var signer = new SigV4Signer(File.Region, vector.Service);
        SigV4Request request = Request(vector);
        List<SigningHeader> headers = CanonicalHeaders.Collect(request.Headers, more: 3);
        CanonicalHeaders.Add(headers, "x-amz-date", "20150830T123600Z");
        if (vector is { Token: not null, TokenUnsigned: false })
        {
            CanonicalHeaders.Add(headers, "x-amz-security-token", vector.Token);
        }

        if (string.Equals(vector.Service, "s3", StringComparison.Ordinal))
        {
            CanonicalHeaders.Add(headers, "x-amz-content-sha256", request.PayloadHash);
        }

        signer.CanonicalRequest(request, request.Query, headers).ShouldBe(vector.CanonicalRequest);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_SDKs_own_signer_agrees(string name)
    {
        SigV4Vector vector = Vector(name);

        AWS4SigningResult oracle = AWS4Signer.ComputeSignature(
            Credentials(vector), File.Region, File.Time.UtcDateTime, vector.Service, vector.SignedHeaders, vector.CanonicalRequest);

        oracle.Signature.ShouldBe(vector.Signature);
    }

    private static SigV4Vector Vector(string name) => File.Vectors.Single(v => string.Equals(v.Name, name, StringComparison.Ordinal));

    private static ImmutableCredentials Credentials(SigV4Vector vector) => new(File.AccessKey, File.SecretKey, vector.Token);

    private static SigV4Request Request(SigV4Vector vector) => new()
    {
        Method = vector.Method,
        Path = vector.Path,
        Query = vector.Query,
        Headers = [new("Host", File.Host), .. vector.Headers.Select(h => KeyValuePair.Create(h[0], h[1]))],
        PayloadHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(vector.Body))).ToLowerInvariant(),
        SessionTokenUnsigned = vector.TokenUnsigned,
    };
}
