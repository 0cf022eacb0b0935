using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.SQS;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>AWSSDK's clients of moto.</summary>
internal static class MotoClients
{
    private static readonly BasicAWSCredentials Credentials = new("test", "test");

    /// <summary>
    /// One call after the other: moto 5.2.1 answers requests on threads of their own and checks conditions without a lock, so that two conditional
    /// writes at once may both succeed, which DynamoDB rules out.
    /// </summary>
    public static async Task<T[]> InTurnAsync<T>(IEnumerable<Func<Task<T>>> calls)
    {
        List<T> results = [];
        foreach (Func<Task<T>> call in calls)
        {
            results.Add(await call());
        }

        return [.. results];
    }

    public static async Task<AmazonDynamoDBClient> DynamoAsync(InteropPeers peers) =>
        new(Credentials, new AmazonDynamoDBConfig { ServiceURL = (await peers.MotoAsync()).AbsoluteUri, AuthenticationRegion = "us-east-1" });

    public static async Task<AmazonSQSClient> SqsAsync(InteropPeers peers) =>
        new(Credentials, new AmazonSQSConfig { ServiceURL = (await peers.MotoAsync()).AbsoluteUri, AuthenticationRegion = "us-east-1" });
}
