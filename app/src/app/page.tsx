export default function Home() {
  return <p>Feed</p>
}
