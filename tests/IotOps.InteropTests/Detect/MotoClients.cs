using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.SQS;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Detect;

/// <summary>AWSSDK's clients of moto.</summary>
internal static class MotoClients
{
    private static readonly BasicAWSCredentials Credentials = new("test", "test");

    public static async Task<AmazonDynamoDBClient> DynamoAsync(InteropPeers peers) =>
        new(Credentials, new AmazonDynamoDBConfig { ServiceURL = (await peers.MotoAsync()).AbsoluteUri, AuthenticationRegion = "us-east-1" });

    public static async Task<AmazonSQSClient> SqsAsync(InteropPeers peers) =>
        new(Credentials, new AmazonSQSConfig { ServiceURL = (await peers.MotoAsync()).AbsoluteUri, AuthenticationRegion = "us-east-1" });
}
