#!/usr/bin/env bash
# MQTTnet 5.2.0.1603: a publication that is cancelled while its bytes wait for the network leaves half a packet on the connection.
#
# Expected: a cancelled PublishAsync sends the whole packet or none of it, or the client closes the connection: MQTT has no way to take
#           back part of a packet.
# Seen:     the client stays connected and sends the next packet behind the half one, so that the broker takes the next packet's bytes for
#           the rest of the first payload.
# Matters:  a time-out by CancellationToken around PublishAsync on a slow link corrupts the session.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="MQTTnet" Version="[5.2.0.1603]" /></ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet;

// A broker that accepts the connection and then does not read for a while, as a stalled link looks to the sender.
using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
Task<Socket> accepting = listener.AcceptSocketAsync();
using IMqttClient client = new MqttClientFactory().CreateMqttClient();
Task<MqttClientConnectResult> connecting = client.ConnectAsync(
    new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).WithClientId("finding").Build());
using Socket broker = await accepting;
await broker.ReceiveAsync(new byte[1024]);
await broker.SendAsync(new byte[] { 0x20, 3, 0, 0, 0 });
await connecting;

const int Payload = 16 * 1024 * 1024;
using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
try
{
    await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("big").WithPayload(new byte[Payload]).Build(), cancel.Token);
    Console.WriteLine("the publication was sent");
}
catch (OperationCanceledException)
{
    Console.WriteLine("the publication was cancelled");
}

Console.WriteLine($"connected: {client.IsConnected}");
Task next = client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("next").WithPayload("marker"u8.ToArray()).Build());
var received = new MemoryStream();
var buffer = new byte[1 << 20];
broker.ReceiveTimeout = 3000;
byte[] marker = Encoding.ASCII.GetBytes("marker");
try
{
    while (broker.Receive(buffer) is > 0 and int read)
    {
        received.Write(buffer, 0, read);
        if (buffer.AsSpan(0, read).IndexOf(marker) >= 0)
        {
            break;
        }
    }
}
catch (SocketException)
{
}

await Task.WhenAny(next, Task.Delay(1000));
int at = received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf(marker);
Console.WriteLine($"the next publication arrived inside the announced length of the first: {at > 0 && at < Payload}");
CS
output=$(dotnet run -v q)
echo "$output"
[[ $output == 'the publication was cancelled
connected: True
the next publication arrived inside the announced length of the first: True' ]]
