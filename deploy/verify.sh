#!/usr/bin/env bash
# Looks on a real AWS account at what the emulator and moto can only claim: one thing, one bucket, two queues, minutes, some cents.
#   deploy/verify.sh --yes-this-costs-money --account 123456789012 [--region eu-west-1] [--keep]
# It makes what it needs under a name of its own, prints a line a claim, prints what it used and what that costs, and removes everything, also when it
# is interrupted. Exit codes: 0 every claim holds, 1 one does not, 2 it did not begin.
set -euo pipefail

usage() {
    cat >&2 <<'TEXT'
usage: deploy/verify.sh --yes-this-costs-money --account ID [--region REGION] [--keep]
  --yes-this-costs-money  it makes billable calls in the account; without this it does nothing
  --account ID            the account that must be behind your credentials, 12 digits
  --region REGION         eu-west-1 unless given
  --keep                  leave what was made, for a look; remove it by deploy/verify.sh --remove NAME with the same options
TEXT
    exit 2
}

yes=false account='' region=eu-west-1 keep=false remove=''
while (($# > 0)); do
    case $1 in
        --yes-this-costs-money) yes=true ;;
        --account) account=${2:-}; shift ;;
        --region) region=${2:-}; shift ;;
        --keep) keep=true ;;
        --remove) remove=${2:-}; shift ;;
        *) echo "unknown option: $1" >&2; usage ;;
    esac
    (($# > 0)) && shift
done
$yes || usage
[[ $account =~ ^[0-9]{12}$ ]] || usage
[[ $region =~ ^[a-z]{2}(-[a-z]+)+-[0-9]$ ]] || usage
for program in aws jq mosquitto_pub openssl curl; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 2; }
done
export AWS_REGION=$region AWS_DEFAULT_REGION=$region AWS_PAGER=''

found=$(aws sts get-caller-identity --query Account --output text) || exit 2
if [[ $found != "$account" ]]; then
    echo "the credentials are of account $found, not of $account" >&2
    exit 2
fi

name=${remove:-iotops-verify-$(date -u +%Y%m%d%H%M%S)}
[[ $name =~ ^iotops-verify-[0-9]{14}$ ]] || { echo "$name is not a name that this script gives" >&2; exit 2; }
rule=${name//-/_}
work=$(mktemp -d)
declare -i calls=0 messages=0 failed=0

# Every resource has the run's name, so that removing looks at nothing else.
remove_all() {
    set +e
    echo "removing $name"
    local arn version
    for rule_name in "${rule}_reports" "${rule}_lifecycle"; do aws iot delete-topic-rule --rule-name "$rule_name" 2>/dev/null; done
    for arn in $(aws iot list-thing-principals --thing-name "$name" --query 'principals[]' --output text 2>/dev/null); do
        aws iot detach-policy --policy-name "$name" --target "$arn" 2>/dev/null
        aws iot detach-thing-principal --thing-name "$name" --principal "$arn" 2>/dev/null
        aws iot update-certificate --certificate-id "${arn##*/}" --new-status INACTIVE 2>/dev/null
        aws iot delete-certificate --certificate-id "${arn##*/}" --force-delete 2>/dev/null
    done
    aws iot delete-thing --thing-name "$name" 2>/dev/null
    for version in $(aws iot list-policy-versions --policy-name "$name" --query 'policyVersions[?!isDefaultVersion].versionId' --output text 2>/dev/null); do
        aws iot delete-policy-version --policy-name "$name" --policy-version-id "$version" 2>/dev/null
    done
    aws iot delete-policy --policy-name "$name" 2>/dev/null
    for queue in "$name" "$name-errors"; do
        arn=$(aws sqs get-queue-url --queue-name "$queue" --query QueueUrl --output text 2>/dev/null) && aws sqs delete-queue --queue-url "$arn"
    done
    aws iam delete-role-policy --role-name "$name" --policy-name verify 2>/dev/null
    aws iam delete-role --role-name "$name" 2>/dev/null
    aws s3 rb "s3://$name-$account" --force >/dev/null 2>&1
    rm -rf "$work"
    echo "left of it: $(aws resourcegroupstaggingapi get-resources --tag-filters Key=iotops-verify,Values="$name" --query 'length(ResourceTagMappingList)' --output text 2>/dev/null || echo 'not known') tagged resources (AWS lists deleted ones for some minutes)"
    set -e
}

if [[ -n $remove ]]; then
    remove_all
    exit 0
fi
$keep || trap remove_all EXIT
trap 'exit 1' INT TERM

# claim TEXT COMMAND...: one line, and whether it holds.
claim() {
    local text=$1
    shift
    if "$@"; then
        echo "holds    $text"
    else
        echo "NOT SEEN $text"
        failed+=1
    fi
}

call() { calls+=1; aws "$@"; }

echo "account $account, region $region, run $name"

# --- the queue, the role, the rules of deploy/fleet ---
queue=$(call sqs create-queue --queue-name "$name" --attributes SqsManagedSseEnabled=true --tags "iotops-verify=$name" --query QueueUrl --output text)
errors=$(call sqs create-queue --queue-name "$name-errors" --attributes SqsManagedSseEnabled=true --tags "iotops-verify=$name" --query QueueUrl --output text)
queue_arn=arn:aws:sqs:$region:$account:$name
jq -n --arg account "$account" '{Version:"2012-10-17",Statement:[{Effect:"Allow",Principal:{Service:"iot.amazonaws.com"},Action:"sts:AssumeRole",Condition:{StringEquals:{"aws:SourceAccount":$account}}}]}' >"$work/trust.json"
role=$(call iam create-role --role-name "$name" --assume-role-policy-document "file://$work/trust.json" --tags "Key=iotops-verify,Value=$name" --query Role.Arn --output text)
jq -n --arg queue "$queue_arn" '{Version:"2012-10-17",Statement:[{Effect:"Allow",Action:"sqs:SendMessage",Resource:[$queue,($queue+"-errors")]}]}' >"$work/role.json"
call iam put-role-policy --role-name "$name" --policy-name verify --policy-document "file://$work/role.json"
sleep 15 # a new role is not known everywhere at once

make_rule() {
    jq -n --arg sql "$2" --arg queue "$queue" --arg errors "$errors" --arg role "$role" \
        '{sql:$sql,awsIotSqlVersion:"2016-03-23",actions:[{sqs:{queueUrl:$queue,roleArn:$role,useBase64:false}}],errorAction:{sqs:{queueUrl:$errors,roleArn:$role,useBase64:false}}}' >"$work/rule.json"
    call iot create-topic-rule --rule-name "$1" --topic-rule-payload "file://$work/rule.json" --tags "iotops-verify=$name"
}
make_rule "${rule}_reports" "SELECT encode(*, 'base64') AS report, topic(3) AS thing, timestamp() AS time FROM 'iotops/defender/+'"
make_rule "${rule}_lifecycle" "SELECT * FROM '\$aws/events/presence/#' WHERE clientId = '$name'"

fifo_is_refused() {
    jq --arg queue "$queue.fifo" '.actions[0].sqs.queueUrl=$queue' "$work/rule.json" >"$work/fifo.json"
    calls+=1
    ! aws iot create-topic-rule --rule-name "${rule}_fifo" --topic-rule-payload "file://$work/fifo.json" >/dev/null 2>&1 || { aws iot delete-topic-rule --rule-name "${rule}_fifo"; return 1; }
}
claim 'a rule that names a FIFO queue is refused' fifo_is_refused

# --- one thing with the policy of deploy/fleet ---
endpoint=$(call iot describe-endpoint --endpoint-type iot:Data-ATS --query endpointAddress --output text)
call iot create-thing --thing-name "$name" >/dev/null
call iot create-keys-and-certificate --set-as-active --certificate-pem-outfile "$work/cert.pem" --private-key-outfile "$work/key.pem" --query certificateArn --output text >"$work/arn"
certificate=$(cat "$work/arn")
chmod 600 "$work/key.pem"
resource=arn:aws:iot:$region:$account
jq -n --arg r "$resource" --arg v '${iot:Connection.Thing.ThingName}' \
    '{Version:"2012-10-17",Statement:[{Effect:"Allow",Action:"iot:Connect",Resource:($r+":client/"+$v),Condition:{Bool:{"iot:Connection.Thing.IsAttached":"true"}}},{Effect:"Allow",Action:"iot:Publish",Resource:($r+":topic/iotops/defender/"+$v)}]}' >"$work/policy.json"
call iot create-policy --policy-name "$name" --policy-document "file://$work/policy.json" --tags "Key=iotops-verify,Value=$name" >/dev/null
call iot attach-policy --policy-name "$name" --target "$certificate"
call iot attach-thing-principal --thing-name "$name" --principal "$certificate"
sleep 10
curl -sSf https://www.amazontrust.com/repository/AmazonRootCA1.pem -o "$work/ca.pem"

publish() { # TOPIC FILE
    messages+=1
    timeout 20 mosquitto_pub -V 5 -h "$endpoint" -p 8883 --cafile "$work/ca.pem" --cert "$work/cert.pem" --key "$work/key.pem" -i "$name" -q 1 -t "$1" -f "$2" >/dev/null 2>&1
}

# received FILTER: takes messages from the queue for up to a minute, until one of them makes the jq filter true; keeps them for the next claim.
received() {
    local deadline=$((SECONDS + 60)) batch
    touch "$work/seen"
    while ((SECONDS < deadline)); do
        if jq -e -s "any(.[]; $1)" "$work/seen" >/dev/null; then return 0; fi
        batch=$(call sqs receive-message --queue-url "$queue" --wait-time-seconds 10 --max-number-of-messages 10 --output json)
        [[ -z $batch ]] || jq -c '.Messages[]?.Body | fromjson' <<<"$batch" >>"$work/seen"
    done
    return 1
}

printf '{"hed":{"rid":1,"v":"1.0"},"met":{}}' >"$work/report.json"
printf '\xa2\x63hed\xa2\x63rid\x01\x61v\x63\x31\x2e\x30\x63met\xa0' >"$work/report.cbor"
claim 'a device publishes its own report' publish "iotops/defender/$name" "$work/report.json"
claim 'a JSON report is on the queue as base64 of its bytes, its thing from the topic' \
    received ".thing == \"$name\" and .report == \"$(base64 -w0 "$work/report.json")\" and (.time | type) == \"number\""
publish "iotops/defender/$name" "$work/report.cbor" || true
claim 'so is a CBOR report' received ".report == \"$(base64 -w0 "$work/report.cbor")\""
claim 'a lifecycle event "connected" is on the queue, with version and address' received '.eventType == "connected" and (.versionNumber != null) and (.ipAddress != null)'
claim 'so is "disconnected", with its reason' received '.eventType == "disconnected" and (.disconnectReason != null)'

foreign_is_refused() {
    publish "iotops/defender/somebody-else" "$work/report.json" || true
    ! received '.thing == "somebody-else"'
}
claim "the policy's variables hold a device to its own topic (a minute without the message)" foreign_is_refused

# --- a certificate that is not active ---
calls+=2
aws iot update-certificate --certificate-id "${certificate##*/}" --new-status INACTIVE
sleep 5
inactive_is_refused() { ! publish "iotops/defender/$name" "$work/report.json"; }
claim 'a device with an INACTIVE certificate is not let in' inactive_is_refused
revoked_is_final() {
    calls+=2
    aws iot update-certificate --certificate-id "${certificate##*/}" --new-status REVOKED
    ! aws iot update-certificate --certificate-id "${certificate##*/}" --new-status ACTIVE 2>"$work/revoked"
}
claim 'a REVOKED certificate cannot be made ACTIVE again' revoked_is_final
[[ ! -s $work/revoked ]] || sed 's/^/         AWS says: /' "$work/revoked" | grep -v '^ *AWS says: $' || true

# --- one bucket ---
bucket=$name-$account
if [[ $region == us-east-1 ]]; then
    call s3api create-bucket --bucket "$bucket" >/dev/null
else
    call s3api create-bucket --bucket "$bucket" --create-bucket-configuration "LocationConstraint=$region" >/dev/null
fi
ssec_is_refused() {
    local key
    key=$(openssl rand -base64 32)
    calls+=1
    ! aws s3api put-object --bucket "$bucket" --key ssec --sse-customer-algorithm AES256 --sse-customer-key "$key" >/dev/null 2>&1
}
claim 'a new bucket refuses SSE-C' ssec_is_refused

# Prices of us-east-1, public list of 2026, in dollars a million: messages of IoT Core 1.00, rules 0.15, actions 0.15, SQS requests 0.40.
echo "used: $messages messages, about $calls calls; $(awk -v m="$messages" -v c="$calls" 'BEGIN { printf "about $%.5f (assumed: $1.30 a million messages with rule and action, $0.40 a million requests; the free tier may cover it)", m * 1.3e-6 + c * 0.4e-6 }')"
$keep && echo "kept: remove it by deploy/verify.sh --yes-this-costs-money --account $account --region $region --remove $name"
((failed == 0)) || { echo "$failed claims were not seen"; exit 1; }
echo "every claim holds; write the date into the table of docs/operating-a-fleet.md"
