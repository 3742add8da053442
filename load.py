import sys,time,httpx2,os,uuid,psutil
import json
port=int(sys.argv[1]);pid=int(sys.argv[2]);n=int(sys.argv[3]);stream=len(sys.argv)>4
c=httpx2.Client(base_url=f"http://127.0.0.1:{port}",timeout=60)
def cpu():
    f=open(f"/proc/{pid}/stat").read().split();return (int(f[13])+int(f[14]))/os.sysconf("SC_CLK_TCK")
def one(conv):
    r=c.post("/chat",json={"message":"how is my plan going?",**({"conversation_id":conv} if conv else {})},headers={"Idempotency-Key":uuid.uuid4().hex,"X-Runplan-User":"demo", **({"Accept":"text/event-stream"} if stream else {})})
    r.raise_for_status();
    return None if stream else r.json()
r=one(None);conv=r["conversation_id"] if r else None;print(json.dumps(r)[:400])
for _ in range(5): one(conv)
a=cpu();t=time.perf_counter()
for _ in range(n): one(conv)
print("cpu ms/turn",(cpu()-a)/n*1e3,"wall",(time.perf_counter()-t)/n*1e3)
