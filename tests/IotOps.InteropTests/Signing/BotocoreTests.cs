using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using IotOps.Aws;

namespace IotOps.InteropTests.Signing;

public sealed class BotocoreTests
{
    private const int Requests = 400;

    [Fact]
    public async Task Random_requests_are_signed_byte_for_byte_as_botocore_signs_them()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        List<RandomRequest> requests = [.. Enumerable.Range(0, Requests).Select(_ => RandomRequest.Draw(random))];

        JsonArray theirs = await AskBotocoreAsync(new JsonArray([.. requests.Select(r => r.ToJson())]));

        for (int i = 0; i < Requests; i++)
        {
            requests[i].Sign().ShouldBe(theirs[i]!.GetValue<string>(), $"seed {seed}, request {i}: {requests[i]}");
        }
    }

    [Fact]
    public async Task The_committed_vectors_are_what_botocore_signs()
    {
        JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Vectors", "sigv4.json")))!;
        JsonArray vectors = file["vectors"]!.AsArray();
        var asked = new JsonArray();
        foreach (JsonNode? vector in vectors)
        {
            JsonObject item = vector!.DeepClone().AsObject();
            item["canonical"] = true;
            item["accessKey"] = file["accessKey"]!.DeepClone();
            item["secretKey"] = file["secretKey"]!.DeepClone();
            item["region"] = file["region"]!.DeepClone();
            item["host"] = file["host"]!.DeepClone();
            item["time"] = "20150830T123600Z";
            asked.Add(item);
        }

        JsonArray theirs = await AskBotocoreAsync(asked);

        for (int i = 0; i < vectors.Count; i++)
        {
            string name = vectors[i]!["name"]!.GetValue<string>();
            vectors[i]!["canonicalRequest"]!.GetValue<string>().ShouldBe(theirs[i]![0]!.GetValue<string>(), name);
            vectors[i]!["signature"]!.GetValue<string>().ShouldBe(theirs[i]![1]!.GetValue<string>(), name);
        }
    }

    private static async Task<JsonArray> AskBotocoreAsync(JsonArray items)
    {
        string script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Signing", "botocore_sign.py"));
        return JsonNode.Parse(await PythonPeer.RunBotocoreAsync(script, items.ToJsonString()))!.AsArray();
    }

    /// <summary>Any method, path, query, headers, body, credentials and time; for S3 and others, in header and in query form.</summary>
    private sealed record RandomRequest(
        string Method,
        string Path,
        string Query,
        IReadOnlyList<KeyValuePair<string, string>> Headers,
        string Body,
        string Service,
        string Region,
        ImmutableCredentials Credentials,
        DateTimeOffset Time,
        int Expires)
    {
        private const string Host = "example.amazonaws.com";
        private const string Letters = "abcXYZ019-._~ /+=&%$!*'():@,;#?[]\"<>|é漢𝄞";

        public static RandomRequest Draw(Random random)
        {
            bool isS3 = random.Next(2) == 0;
            bool presign = random.Next(3) == 0;
            return new RandomRequest(
                Pick(random, "GET", "PUT", "POST", "DELETE", "HEAD"),
                "/" + string.Join('/', Enumerable.Range(0, random.Next(4)).Select(_ => Segment(random))),
                string.Join('&', Enumerable.Range(0, random.Next(5)).Select(i => $"{Escape(Text(random))}{i}={Escape(Text(random))}")),
                [.. Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"X-Amz-{Pick(random, "Meta", "B", "zz")}-{i}", HeaderValue(random)))],
                presign ? string.Empty : Text(random),
                isS3 ? "s3" : Pick(random, "logs", "iotdata", "batch", "iot"),
                Pick(random, "us-east-1", "eu-west-1", "cn-north-1"),
                new ImmutableCredentials("AKID" + random.Next(), "s/+" + random.NextInt64(), random.Next(2) == 0 ? null : "tok/+=" + random.NextInt64()),
                DateTimeOffset.UnixEpoch.AddSeconds(random.NextInt64(0, 4_000_000_000)),
                presign ? random.Next(1, 604_800) : 0);
        }

        public string Sign()
        {
            using var signer = new SigV4Signer(Region, Service);
            string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Body))).ToLowerInvariant();
            bool unsigned = Expires > 0 && string.Equals(Service, "s3", StringComparison.Ordinal);
            var request = new SigV4Request
            {
                Method = Method,
                Path = Path,
                Query = Query,
                Headers = [new("Host", Host), .. Headers],
                PayloadHash = unsigned ? SigV4Request.UnsignedPayload : hash,
            };
            return Expires > 0
                ? signer.Presign(request, Credentials, Time, TimeSpan.FromSeconds(Expires))
                : signer.Sign(request, Credentials, Time).Authorization;
        }

        public JsonObject ToJson() => new()
        {
            ["canonical"] = false,
            ["method"] = Method,
            ["host"] = Host,
            ["path"] = Path,
            ["query"] = Query,
            ["headers"] = new JsonArray([.. Headers.Select(h => new JsonArray(h.Key, h.Value))]),
            ["body"] = Body,
            ["service"] = Service,
            ["region"] = Region,
            ["accessKey"] = Credentials.AccessKey,
            ["secretKey"] = Credentials.SecretKey,
            ["token"] = Credentials.UseToken ? Credentials.Token : null,
            ["time"] = Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
            ["expires"] = Expires,
        };

        private static string Segment(Random random) => random.Next(6) switch
        {
            0 => ".",
            1 => "..",
            2 => string.Empty,
            _ => Escape(Text(random)),
        };

        private static string Text(Random random) =>
            string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Rune(random)));

        private static string Rune(Random random)
        {
            Rune[] runes = [.. Letters.EnumerateRunes()];
            return runes[random.Next(runes.Length)].ToString();
        }

        private static string HeaderValue(Random random) =>
            Pick(random, "plain", "  leading", "trailing  ", "a   b   c", "\"a   b\"", "x,y;z=1", "a\tb") + random.Next(10);

        private static string Escape(string text) => Uri.EscapeDataString(text);

        private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
    }
}
