using System.Security.Cryptography;
using System.Text;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Signing;

/// <summary>Checks Signature Version 4 from what arrived alone. Thread-safe.</summary>
internal sealed class SignatureVerifier(KeyRing keys, TimeProvider timeProvider)
{
    private readonly QuerySignatureV2 _version2 = new(keys, timeProvider);

    /// <summary>Checks a request of a service other than S3, whose body has been read.</summary>
    /// <exception cref="Refusal">The signature is missing, stale or wrong.</exception>
    public VerifiedSignature VerifyJson(HttpRequest request, RequestTarget target, SignatureErrors errors, ReadOnlySpan<byte> body)
    {
        string hash = Hex.Sha256(body);
        return Verify(request, target, errors, hash, isS3: false);
    }

    /// <summary>Checks a request to S3 by its headers; whoever reads the body checks it against the payload hash.</summary>
    /// <exception cref="Refusal">The signature is missing, stale or wrong.</exception>
    public VerifiedSignature VerifyS3(HttpRequest request, RequestTarget target, string? hostBucket)
    {
        if (QuerySignatureV2.IsUsedBy(target))
        {
            return _version2.Verify(request, target, hostBucket);
        }

        string? announced = request.Headers["x-amz-content-sha256"];
        return Verify(request, target, SignatureErrors.S3, announced, isS3: true);
    }

    private VerifiedSignature Verify(HttpRequest request, RequestTarget target, SignatureErrors errors, string? payloadHash, bool isS3)
    {
        SignatureClaim claim = ReadClaim(request, target, errors);
        AccessKey key = FindKey(claim, errors);
        CheckTime(claim, errors);
        CheckScope(claim, errors);

        if (claim.IsPresigned)
        {
            payloadHash = target.Query.Find("X-Amz-Content-Sha256") ?? payloadHash ?? PayloadHash.Unsigned;
        }
        else if (payloadHash is null)
        {
            throw new Refusal(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
        }

        QueryParameters query = errors.TokenIsSigned ? target.Query : target.Query.Without("X-Amz-Security-Token");
        string canonical = CanonicalRequest.Build(request, target.RawPath, query, claim.SignedHeaders, payloadHash, isS3);
        string stringToSign = $"{SignatureClaim.Algorithm}\n{claim.AmzDate}\n{claim.Scope}\n{Hex.Sha256(Encoding.UTF8.GetBytes(canonical))}";
        byte[] signingKey = keys.SigningKey(key, claim.Scope);
        string expected = Hex.Encode(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(stringToSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(claim.Signature)))
        {
            throw errors.Mismatch(canonical, stringToSign, claim);
        }

        CheckCoverage(request, claim, errors, isS3);
        return new VerifiedSignature(claim, signingKey, payloadHash);
    }

    private static SignatureClaim ReadClaim(HttpRequest request, RequestTarget target, SignatureErrors errors)
    {
        try
        {
            return SignatureClaim.Read(request, target.Query, errors.DefaultLifetime) ?? throw errors.Missing();
        }
        catch (FormatException e)
        {
            throw request.Headers.Authorization.Count > 0 ? errors.Malformed(e.Message) : errors.MalformedQuery(e.Message);
        }
    }

    private AccessKey FindKey(SignatureClaim claim, SignatureErrors errors)
    {
        if (!keys.TryFind(claim.AccessKeyId, out AccessKey? key))
        {
            throw errors.UnknownKey(claim.AccessKeyId, keys.OwnId);
        }

        if (key.SessionToken != claim.SessionToken)
        {
            throw errors.WrongToken();
        }

        if (key.Expires <= timeProvider.GetUtcNow())
        {
            throw errors.ExpiredToken();
        }

        return key;
    }

    private void CheckTime(SignatureClaim claim, SignatureErrors errors)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (claim.Lifetime is { } lifetime)
        {
            if (now > claim.Time + lifetime)
            {
                throw new Refusal(403, "AccessDenied", "Request has expired")
                {
                    Details =
                    [
                        new("X-Amz-Expires", lifetime.TotalSeconds.ToString("0")),
                        new("Expires", (claim.Time + lifetime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")),
                        new("ServerTime", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")),
                    ],
                };
            }

            if (claim.Time - now > errors.MaxSkew)
            {
                throw new Refusal(403, "AccessDenied", "Request is not yet valid");
            }
        }
        else if ((now - claim.Time).Duration() > errors.MaxSkew)
        {
            throw errors.Skewed(claim, now);
        }
    }

    private static void CheckScope(SignatureClaim claim, SignatureErrors errors)
    {
        if (claim.Scope.Service != errors.Service)
        {
            throw errors.WrongService(claim.Scope.Service, claim.IsPresigned);
        }

        if (claim.Scope.Date != claim.AmzDate[..8])
        {
            throw errors.Malformed($"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{claim.Scope.Date}' != '{claim.AmzDate[..8]}'.");
        }
    }

    // A header that changes what a request means but is not signed could have been put there by anyone on the way. Of a presigned URL only
    // S3 says so, and lets the payload's hash pass, which says nothing that the payload does not.
    private static void CheckCoverage(HttpRequest request, SignatureClaim claim, SignatureErrors errors, bool isS3)
    {
        if (!claim.SignedHeaders.Contains("host", StringComparer.Ordinal))
        {
            throw claim.IsPresigned
                ? errors.MalformedQuery("'host' must be a 'SignedHeader' in the AWS Authorization.")
                : errors.Malformed("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }

        if (claim.IsPresigned && !isS3)
        {
            return;
        }

        string[] unsigned =
        [
            .. request.Headers.Keys
                .Where(name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
                .Where(name => !claim.SignedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
                .Where(name => !(claim.IsPresigned && name.Equals("x-amz-content-sha256", StringComparison.OrdinalIgnoreCase)))
                .Select(name => name.ToLowerInvariant())
                .Order(StringComparer.Ordinal),
        ];
        if (unsigned.Length > 0)
        {
            throw new Refusal(403, "AccessDenied", "There were headers present in the request which were not signed")
            {
                Details = [new("HeadersNotSigned", string.Join(", ", unsigned))],
            };
        }
    }
}
